using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Database;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Bench;

// Portal, simulated cluster and agents run as processes of their own. The agents come with join tokens, which are written into the portal's
// database before it starts: it accepts them as it would its own.

/// <summary>Thousands of agents on one portal: its CPU and memory, how soon a sample is kept, and what a restart of the portal costs.</summary>
public static class AgentLoad
{
    // Enough for both sides to be compiled and calm.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task PrintAsync(int agents, int seconds, int batch)
    {
        using TemporaryFolder data = new(), nodes = new();
        await GiveTokensAsync(data.Path, nodes.Path, [.. Scenario.Large(agents).Nodes.Select(node => node.Name).Take(agents)]);
        await using var cluster = await ClusterProcess.StartAsync(agents, 0);
        var kubeconfig = PlainKubeconfig.Write(data, cluster.Server);
        await using var portal = await PortalProcess.StartAsync(kubeconfig, data.Path, CancellationToken.None);
        await portal.ReadyAsync();
        await Task.Delay(WarmUp);
        var quiet = await UseAsync(data.Path, WarmUp);
        Console.WriteLine(Figure.Line("portal without agents: CPU", quiet.Percent, "% of one core"));
        Console.WriteLine(Figure.Line("portal without agents: memory (resident)", Mebibytes(quiet.End.ResidentBytes), "MiB"));

        using var crowd = BenchProcess.Start("agent-crowd", portal.Url.ToString(), nodes.Path, $"{batch}");
        var began = Stopwatch.StartNew();
        await AskAsync(crowd, "connected 1");
        Console.WriteLine(Figure.Line("agents started -> all connected", began.Elapsed.TotalSeconds, "s"));
        await AskAsync(crowd, "sample");
        await Task.Delay(WarmUp);
        await MeasureAsync(crowd, data.Path, seconds);
        await RestartAsync(crowd, portal, kubeconfig, data.Path);
    }

    private static async Task MeasureAsync(Process crowd, string data, int seconds)
    {
        var crowdBefore = ProcessUse.Of(crowd.Id);
        var portalUse = UseAsync(data, TimeSpan.FromSeconds(seconds));
        var rows = await AskAsync(crowd, $"measure {seconds}");
        var (percent, end) = await portalUse;
        Console.WriteLine(Figure.Line("portal's CPU", percent, "% of one core"));
        Console.WriteLine(Figure.Line("portal's memory (resident)", Mebibytes(end.ResidentBytes), "MiB"));
        Console.WriteLine(Figure.Line("portal's memory (resident, highest)", Mebibytes(end.HighestBytes), "MiB"));
        Console.WriteLine(Figure.Line("all agents' CPU, in one process", ProcessUse.Of(crowd.Id).PercentSince(crowdBefore), "% of one core"));
        Console.WriteLine(rows[2]);
        Console.WriteLine(Samples.Heads);
        Console.WriteLine(rows[0]);
        Console.WriteLine(rows[1]);
    }

    private static async Task RestartAsync(Process crowd, PortalProcess portal, string kubeconfig, string data)
    {
        await portal.KillAsync();
        var killed = Stopwatch.StartNew();
        await using var next = await PortalProcess.StartAsync(kubeconfig, data, portal.Url, CancellationToken.None);
        var answers = killed.Elapsed;
        await AskAsync(crowd, "connected 2");
        var connected = killed.Elapsed;
        foreach (var row in await AskAsync(crowd, "outages")) Console.WriteLine(row);
        Console.WriteLine(Figure.Line("portal killed -> it listens again", answers.TotalSeconds, "s"));
        Console.WriteLine(Figure.Line("portal killed -> all connected again", connected.TotalSeconds, "s"));
        await Task.Delay(WarmUp);
        Console.WriteLine(Figure.Line("after the storm: portal's CPU", (await UseAsync(data, WarmUp)).Percent, "% of one core"));
        Console.WriteLine(Figure.Line("memory since its start (resident, highest)", Mebibytes(ProcessUse.OfPortal(data).HighestBytes), "MiB"));
        var counts = await AskAsync(crowd, "stop");
        var (made, kept) = (long.Parse(counts[0], CultureInfo.InvariantCulture), await KeptAsync(data));
        Console.WriteLine(Figure.Line("connections made", long.Parse(counts[1], CultureInfo.InvariantCulture), ""));
        Console.WriteLine(Figure.Line("samples made", made, ""));
        Console.WriteLine(Figure.Line("samples kept, as the portal's database tells", kept, made == kept ? "none lost, none doubled" : $"WRONG by {kept - made}"));
        crowd.StandardInput.Close();
        await crowd.WaitForExitAsync();
    }

    /// <summary>What the portal uses from now for that long.</summary>
    private static async Task<(double Percent, ProcessUse End)> UseAsync(string data, TimeSpan span)
    {
        var before = ProcessUse.OfPortal(data);
        await Task.Delay(span);
        var end = ProcessUse.OfPortal(data);
        return (end.PercentSince(before), end);
    }

    private static async Task GiveTokensAsync(string data, string folder, string[] nodes)
    {
        await using var services = Database(data);
        var databases = services.GetRequiredService<IDbContextFactory<PortalDb>>();
        await DatabaseServices.MigrateAsync(databases, CancellationToken.None);
        var tokens = new JoinTokens(databases, new AgentRegistry(TimeProvider.System), TimeProvider.System);
        foreach (var node in nodes)
        {
            var token = await tokens.CreateAsync(node, TimeSpan.FromDays(1), "bench", CancellationToken.None);
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, node)).FullName, "token"), token.Reveal());
        }
    }

    /// <summary>How many samples the portal says to have kept: a spool's numbers begin with 1, and none is left out.</summary>
    private static async Task<long> KeptAsync(string data)
    {
        await using var services = Database(data);
        await using var database = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await database.SampleMarks.SumAsync(mark => mark.Sequence);
    }

    private static ServiceProvider Database(string data) => new ServiceCollection().AddPortalDatabase(DatabaseAddress.InFolder(data)).BuildServiceProvider();

    private static async Task<string[]> AskAsync(Process crowd, string question)
    {
        await crowd.StandardInput.WriteLineAsync(question);
        var lines = new List<string>();
        while (await crowd.StandardOutput.ReadLineAsync() is var line && line != ".")
            lines.Add(line ?? throw new InvalidOperationException($"The agents' process ended when it was asked: {question}"));
        return [.. lines];
    }

    private static double Mebibytes(long bytes) => bytes / 1024.0 / 1024;
}
