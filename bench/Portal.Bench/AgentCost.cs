using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Bench;

// The portal runs in this process: somebody must look at the node for the agent to sample each second. Agent and exporters are processes of their
// own, and run in the same minute.

/// <summary>What the agent costs its node, beside prometheus-node-exporter on the same machine: one with what it collects by itself, one with the
/// disks' counters alone.</summary>
public static class AgentCost
{
    private const string Node = "bench-1";
    private const int FirstPort = 19_100;

    // Runtimes on both sides settle meanwhile.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    /// <summary>The agent to measure: the one that AGENT names, or the one that was built beside this program.</summary>
    private static readonly string Program = Environment.GetEnvironmentVariable("AGENT")
        ?? Path.Combine(Repository.Root, "src/Portal.Agent/bin/Release/net10.0/topolvm-portal-agent");

    public static async Task PrintAsync(int devices, int seconds)
    {
        using var exporter = await NodeExporter.FindAsync(FirstPort);
        if (exporter is null)
        {
            Console.WriteLine("prometheus-node-exporter is not here to compare with: install it (apt-get install prometheus-node-exporter).");
            return;
        }
        using var disksAlone = (await NodeExporter.FindAsync(FirstPort + 1, "--collector.disable-defaults", "--collector.diskstats"))!;
        using var disks = await LoopDisks.AttachAsync(devices);
        if (disks.Shortage is { } shortage) Console.WriteLine($"no more than {disks.Count} loop devices: {shortage}");
        Console.WriteLine($"{disks.Count} loop devices, {File.ReadLines("/proc/diskstats").Count()} devices in all; agent {Program}");

        using TemporaryFolder data = new(), state = new();
        var samples = 0;
        await using var portal = PortalApp.Create(
            new PortalOptions { Demo = true, Data = data.Path, Urls = "http://127.0.0.1:0" },
            services => services.AddLogging(logging => logging.ClearProviders()).AddSingleton(Scenario.Bare).AddSingleton<SampleSink>((_, _, batch, _) =>
            {
                Interlocked.Add(ref samples, batch.Length);
                return Task.CompletedTask;
            }));
        await portal.StartAsync(CancellationToken.None);
        using var watched = portal.Services.GetRequiredService<AgentRegistry>().Watch(Node);
        using var agent = await StartAgentAsync(portal, state.Path);
        try
        {
            await ScrapeAsync(exporter, disksAlone, WarmUp);
            samples = 0;
            var before = Look();
            var scrapes = await ScrapeAsync(exporter, disksAlone, TimeSpan.FromSeconds(seconds));
            var after = Look();
            Console.WriteLine($"{"",-44} {"RSS MiB",9} {"highest",9} {"CPU ms",9} {"n",5}   (CPU per sample)");
            var own = Row("agent", before[0], after[0], samples);
            Console.WriteLine(Figure.Line("  of programs that it ran (lsblk, lvm, ...)", (after[0].ChildrenCpu - before[0].ChildrenCpu).TotalMilliseconds / samples, "ms per sample"));
            Ratio(own, Row($"node_exporter ({exporter.PageBytes >> 10} KiB a page)", before[1], after[1], scrapes));
            Ratio(own, Row($"node_exporter, disks alone ({disksAlone.PageBytes >> 10} KiB a page)", before[2], after[2], scrapes));
            await CommandAsync(portal.Services.GetRequiredService<AgentRegistry>());
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
        }

        ProcessUse[] Look() => [ProcessUse.Of(agent.Id), ProcessUse.Of(exporter.ProcessId), ProcessUse.Of(disksAlone.ProcessId)];
    }

    private static async Task<Process> StartAgentAsync(PortalApp portal, string state)
    {
        var token = await portal.Services.GetRequiredService<JoinTokens>().CreateAsync(Node, TimeSpan.FromDays(1), "bench", CancellationToken.None);
        var file = Path.Combine(state, "token");
        await File.WriteAllTextAsync(file, token.Reveal());
        string[] arguments = ["run", "--portal", portal.Addresses.Single(), "--node", Node, "--state", state, "--token-file", file];
        return Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true })!;
    }

    /// <summary>What the linker has left of the agent must still read, plan and refuse: the answers are printed in both languages.</summary>
    private static async Task CommandAsync(AgentRegistry agents)
    {
        await agents.RefreshAsync(Node, CancellationToken.None);
        var inventory = agents.Live.Current.Find(Node)!.Inventory!;
        Console.WriteLine($"inventory: {inventory.Devices.Length} devices, {inventory.LoopDevices.Length} loop devices, lvm {inventory.LvmVersion}; problems: {string.Join("; ", inventory.Problems)}");
        var command = new CreateVolumeGroup("bench", [inventory.LoopDevices[0].Path!], []);
        var plan = await agents.PlanAsync(Node, command, CancellationToken.None);
        foreach (var said in plan.Refusals.Concat(plan.Steps.Select(step => step.Title))) Say(said);
        var report = await agents.ExecuteAsync(Node, new("bench", command, plan.Fingerprint), CancellationToken.None);
        Console.WriteLine($"{command.Name}: {report.State}");
        if (report.Problem is { } problem) Say(problem);

        static void Say(Message message) => Console.WriteLine($"  {message.English} | {message.In(CultureInfo.GetCultureInfo("zh-CN"))}");
    }

    /// <summary>Each second, as the agent samples.</summary>
    private static async Task<int> ScrapeAsync(NodeExporter one, NodeExporter other, TimeSpan span)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var scrapes = 0;
        for (var began = Stopwatch.StartNew(); began.Elapsed < span; scrapes++)
        {
            await clock.WaitForNextTickAsync();
            await one.ScrapeAsync();
            await other.ScrapeAsync();
        }
        return scrapes;
    }

    private static (double Memory, double Cpu) Row(string name, ProcessUse before, ProcessUse after, int samples)
    {
        var (memory, cpu) = (after.ResidentBytes / 1024.0 / 1024, (after.Cpu - before.Cpu).TotalMilliseconds / samples);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {memory,9:F1} {after.HighestBytes / 1024.0 / 1024,9:F1} {cpu,9:F2} {samples,5}"));
        return (memory, cpu);
    }

    private static void Ratio((double Memory, double Cpu) agent, (double Memory, double Cpu) other) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"  the agent costs, times as much",-44} {agent.Memory / other.Memory,9:F2} {"",9} {agent.Cpu / other.Cpu,9:F2}"));
}
