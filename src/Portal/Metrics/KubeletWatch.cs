using System.Collections.Immutable;
using System.Text.Json;
using Portal.Cluster;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Metrics;

/// <summary>Asks the kubelets of nodes without an agent, through the API server, how full the file systems of their volumes are.</summary>
public sealed partial class KubeletWatch(
    ClusterSession session, Live<StorageState> storage, Live<AgentsSnapshot> agents, Live<KubeletUses> uses, TimeProvider time, ILogger<KubeletWatch> logger) : BackgroundService
{
    private const int AtOnce = 8;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly KubeletTurns _turns = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Round, time);
            while (await timer.WaitForNextTickAsync(stoppingToken)) await AskAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task AskAsync(CancellationToken cancel)
    {
        string[] wanted = [.. storage.Current.Nodes.Where(IsWanted).Select(node => node.Name)];
        var due = _turns.Due(wanted, time.GetUtcNow());
        if (due.IsEmpty) return;
        var client = session.Context.Client;
        // One tells whether the portal may ask at all, which may have changed: hundreds of refusals tell nothing more.
        var count = uses.Current.Refused is null ? due.Length : 1;
        var answers = new Answer?[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForAsync(0, count, options, async (at, stop) => answers[at] = await AskAsync(client, due[at], stop));
        Take([.. answers.OfType<Answer>()], wanted);
    }

    private bool IsWanted(StorageNode node) => node.IsReady && agents.Current.Find(node.Name) is not { IsConnected: true } && node.Volumes.Any(volume => !volume.IsBlock && volume.Users.Any());

    private async Task<Answer> AskAsync(KubeClient client, string node, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return new(node) { Volumes = await FileSystemUse.ReadAsync(client, node, either.Token) };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(node) { Problem = KubeletTexts.Silent(node, (int)Patience.TotalSeconds) };
        }
        catch (KubeException refused) when (refused.IsForbidden)
        {
            return new(node) { Problem = KubeProblem.Explain(refused), IsRefused = true };
        }
        catch (Exception failed) when (failed is KubeException or HttpRequestException or IOException or JsonException)
        {
            return new(node) { Problem = KubeletTexts.Unread(node, KubeProblem.Explain(failed)) };
        }
    }

    private void Take(ImmutableArray<Answer> answers, IReadOnlyCollection<string> wanted)
    {
        var now = time.GetUtcNow();
        foreach (var answer in answers)
        {
            if (answer.Volumes is not null) _turns.Answered(answer.Node, now);
            else if (!answer.IsRefused) _turns.Failed(answer.Node, now);
        }
        var refused = answers.FirstOrDefault(answer => answer.IsRefused)?.Problem;
        if (refused is not null) _turns.Refused(now);
        if (refused is not null && uses.Current.Refused is null) LogRefused(refused.English);
        uses.Update(before => new(before.Nodes.RemoveRange(before.Nodes.Keys.Except(wanted)).SetItems(answers.Select(answer => KeyValuePair.Create(answer.Node, Next(before, answer, now))))) { Refused = refused });
    }

    private static KubeletUses.Answer Next(KubeletUses before, Answer answer, DateTimeOffset now)
    {
        if (answer.Volumes is { } volumes) return new(now, volumes);
        var last = before.Nodes.GetValueOrDefault(answer.Node) ?? new(DateTimeOffset.MinValue, ImmutableDictionary<ObjectName, FileSystemUse>.Empty);
        return last with { Problem = answer.Problem };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How full the file systems of volumes are is not known where no agent runs: {Problem}")]
    private partial void LogRefused(string problem);

    private sealed record Answer(string Node)
    {
        /// <summary>null when it could not be read.</summary>
        public ImmutableDictionary<ObjectName, FileSystemUse>? Volumes { get; init; }

        public Message? Problem { get; init; }

        /// <summary>The portal lacks the right.</summary>
        public bool IsRefused { get; init; }
    }
}
