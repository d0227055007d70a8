using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent.Link;
using Portal.Agent.Spool;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Testing;

/// <summary>The agent's real link and spool, without a node behind them: the test is the node.</summary>
public sealed class TestAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder _folder;
    private readonly string _tokenFile;
    private readonly Task _running;

    /// <param name="folder">What an agent before it has left; null: it is new on its node.</param>
    public TestAgent(Uri portal, string node, Secret token, TemporaryFolder? folder = null, TimeProvider? time = null, string? authorityFile = null)
    {
        _folder = folder ?? new TemporaryFolder();
        time ??= TimeProvider.System;
        _tokenFile = Path.Combine(_folder.Path, "token");
        File.WriteAllText(_tokenFile, token.Reveal() + "\n");
        Spool = new SampleSpool(Path.Combine(_folder.Path, "samples"), 64 << 20, time);
        var duties = new AgentDuties
        {
            Inventory = Inventory,
            Reports = Reports,
            Answered = report => Reports.Update(pending => pending.Without(report)),
            PlanAsync = (command, _) => Task.FromResult(new NodePlan(command, "seen-" + node)),
            ExecuteAsync = (request, _) =>
            {
                Executed.Enqueue(request);
                return Task.FromResult(Execute(request));
            },
            RefreshAsync = _ =>
            {
                Inventory.Publish(new NodeInventory(DateTimeOffset.UnixEpoch) { KernelVersion = "refreshed" });
                return Task.CompletedTask;
            },
            SetPace = Paces.Enqueue,
        };
        Link = new AgentLink(new LinkOptions(portal, node, _tokenFile) { AuthorityFile = authorityFile }, duties, Spool, time, NullLogger<AgentLink>.Instance);
        _running = Link.RunAsync(_stop.Token);
    }

    public AgentLink Link { get; }

    public SampleSpool Spool { get; }

    public Live<NodeInventory> Inventory { get; } = new(NodeInventory.Empty);

    public Live<PendingReports> Reports { get; } = new(PendingReports.None);

    public ConcurrentQueue<CommandRequest> Executed { get; } = [];

    public ConcurrentQueue<TimeSpan> Paces { get; } = [];

    /// <summary>What the node does with a command; it takes it up and goes on with it, unless the test says otherwise.</summary>
    public Func<CommandRequest, CommandReport> Execute { get; set; } = request => new(request.OperationId, CommandState.Running, null, []);

    /// <summary>The files of the agent at this moment: what is left when it is killed now.</summary>
    public TemporaryFolder CopyFiles() => Copy(_folder);

    /// <summary>The files in an agent's state directory at this moment.</summary>
    public static TemporaryFolder Copy(TemporaryFolder state)
    {
        while (true)
        {
            var copy = new TemporaryFolder();
            try
            {
                CopyInto(copy.Path, state.Path);
                return copy;
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                // The agent works on; a kill would have found all files of one moment.
                copy.Dispose();
            }
        }
    }

    private static void CopyInto(string target, string source)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "in-use"))
        {
            var to = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public void ChangeToken(Secret token) => File.WriteAllText(_tokenFile, token.Reveal());

    public Task ConnectedAsync(CancellationToken cancel) => Link.State.UntilAsync(link => link.IsUp, cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Spool.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }
}
