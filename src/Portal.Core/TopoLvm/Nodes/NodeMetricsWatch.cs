using System.Text;
using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes;

// The sizes of volume groups stand nowhere in the API: topolvm-node alone tells them, at /metrics of its pod. They are read
// through the API server, which needs no way to the node, once for all viewers, and only when there is reason to: a node's
// annotations changed, or ten minutes have passed, which is how often lvmd looks at LVM by itself.

/// <summary>Reads topolvm-node's metrics of each node that serves; without the permission or the way to them, they stay unknown.</summary>
public sealed partial class NodeMetricsWatch(KubeClient client, Live<StorageState> storage, Live<NodeMetrics> readings, TimeProvider time, ILogger<NodeMetricsWatch> logger)
{
    private const int AtATime = 4;

    /// <summary>So many results are shown together.</summary>
    private const int Batch = 64;

    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Turn> _turns = [];

    /// <summary>Runs until cancelled; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var changed = new Signal();
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = storage.Subscribe(changed.Set);
        while (!cancel.IsCancellationRequested)
        {
            var (due, next) = Due();
            foreach (var batch in due.Chunk(Batch)) await ReadAsync(batch, cancel);
            if (due.Count == 0) await WaitAsync(changed, next, cancel);
        }
    }

    private (List<StorageNode> Due, TimeSpan? Next) Due()
    {
        var now = time.GetUtcNow();
        var nodes = storage.Current.Nodes.Where(node => node.Plugin.State == NodePartState.Ready).ToArray();
        List<StorageNode> due = [];
        DateTimeOffset? next = null;
        foreach (var node in nodes)
        {
            var at = _turns.GetValueOrDefault(node.Name)?.NextFor(StateOf(node)) ?? now;
            if (at <= now) due.Add(node);
            else if (next is null || at < next) next = at;
        }
        Forget();
        return (due, next - now);
    }

    // A node that is offline keeps what was read last, with its age.
    private void Forget()
    {
        if (_turns.Count == 0) return;
        var present = storage.Current.Nodes.Select(node => node.Name).ToHashSet();
        var gone = _turns.Keys.Where(name => !present.Contains(name)).ToArray();
        if (gone.Length == 0) return;
        foreach (var name in gone) _turns.Remove(name);
        readings.Update(before => new(before.Nodes.RemoveRange(gone)) { Problems = before.Problems.RemoveRange(gone) });
    }

    private async Task ReadAsync(StorageNode[] nodes, CancellationToken cancel)
    {
        var found = new (NodeReading? Reading, Message? Problem)[nodes.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, nodes.Length, options, async (at, stop) => found[at] = await ReadAsync(nodes[at], stop));
        var now = time.GetUtcNow();
        foreach (var (at, node) in nodes.Index())
        {
            if (!_turns.TryGetValue(node.Name, out var turn)) _turns[node.Name] = turn = new();
            turn.Ended(StateOf(node), now, isRead: found[at].Reading is not null);
        }
        var read = nodes.Index().Where(node => found[node.Index].Reading is not null).Select(node => KeyValuePair.Create(node.Item.Name, found[node.Index].Reading!)).ToArray();
        var unread = nodes.Index().Where(node => found[node.Index].Problem is not null).Select(node => KeyValuePair.Create(node.Item.Name, found[node.Index].Problem!)).ToArray();
        readings.Update(before => new(before.Nodes.SetItems(read)) { Problems = before.Problems.RemoveRange(nodes.Select(node => node.Name)).SetItems(unread) });
    }

    private async ValueTask<(NodeReading? Reading, Message? Problem)> ReadAsync(StorageNode node, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        var pod = node.Plugin.Pod!.Metadata;
        try
        {
            var text = await client.GetThroughAsync(ProxyTarget.Pods, new(pod.Namespace, pod.Name + ":8080"), "metrics", either.Token);
            return (new(time.GetUtcNow(), NodeMetricsReader.Read(Encoding.UTF8.GetString(text))), null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            LogUnread(node.Name, "no answer");
            return (null, NodeTexts.MetricsSilent(node.Name, (int)Patience.TotalSeconds));
        }
        catch (Exception refused) when (refused is KubeException or HttpRequestException or IOException)
        {
            LogUnread(node.Name, refused.Message);
            return (null, refused is KubeException { IsForbidden: true } ? KubeProblem.Explain(refused) : NodeTexts.MetricsUnread(node.Name, KubeProblem.Explain(refused)));
        }
    }

    private async Task WaitAsync(Signal changed, TimeSpan? next, CancellationToken cancel)
    {
        using var timer = next is { } pause ? new CancellationTokenSource(pause, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            await changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A node is due.
        }
    }

    /// <summary>What a reading belongs to: the pod, and what it published.</summary>
    private static string StateOf(StorageNode node) => node.Plugin.Pod!.Metadata.Uid
        + string.Concat(node.Capacities.Where(capacity => capacity.Source == CapacitySource.Annotation).Select(capacity => $" {capacity.DeviceClass}={capacity.AvailableBytes}"));

    /// <summary>When a node was read, and when it is to be read again.</summary>
    private sealed class Turn
    {
        private readonly BackOff _backOff = new(FirstRetry, ReadEvery);
        private string _state = "";
        private DateTimeOffset _soonest;
        private DateTimeOffset _latest;

        public DateTimeOffset NextFor(string state) => state == _state ? _latest : _soonest;

        public void Ended(string state, DateTimeOffset now, bool isRead)
        {
            if (isRead) _backOff.Reset();
            _state = state;
            (_soonest, _latest) = isRead ? (now + LeastPause, now + ReadEvery) : Twice(now + _backOff.Next());
        }

        private static (DateTimeOffset, DateTimeOffset) Twice(DateTimeOffset at) => (at, at);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The metrics of node {Node} could not be read: {Problem}")]
    private partial void LogUnread(string node, string problem);
}
