using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd.Change;

/// <summary>Restarts lvmd with the new file: one node first, then the others, and back when it does not come up.</summary>
internal sealed class LvmdRollout(LvmdChangeSpec spec, ConfigChange change, RolloutTiming timing)
{
    // A wave is one node of so many that are left, and at least one.
    private const int WaveShare = 10;

    private readonly RolloutTemplate _template = new(spec.DaemonSet, spec.Rollout);
    private string? _canary;

    /// <summary>Restarts lvmd on the node with the least to lose, and looks whether it stays up.</summary>
    public async Task TryOneAsync(StepRun step, CancellationToken cancel)
    {
        await _template.HoldAsync(step, await change.ChecksumAsync(step, cancel), cancel);
        var group = change.GroupIn(step.Context);
        // A restart that was begun before the portal ended is the one to go on with.
        var canary = group.Nodes.FirstOrDefault(node => node.IsReady && node.Lvmd is { } pod && _template.IsOf(pod)) ?? CanaryOf(group, step.Context.Cluster.Current);
        if (canary is null)
        {
            step.Report(ChangeTexts.NobodyOnline(group.Name));
            return;
        }
        _canary = canary.Name;
        await GuardedAsync(step, () => RestartAsync(step, [canary.Name], cancel), cancel);
    }

    /// <summary>Restarts lvmd on the other nodes that are online, in waves, and leaves the DaemonSet as it was before.</summary>
    public async Task FollowAsync(StepRun step, CancellationToken cancel)
    {
        // The DaemonSet's own rolling update counts every offline node as unavailable, and would wait for it with all others.
        while (Waiting(step) is [_, ..] waiting)
        {
            await GuardedAsync(step, () => RestartAsync(step, [.. waiting.Take(Math.Max(1, waiting.Length / WaveShare))], cancel), cancel);
            step.Stop.ThrowIfCancellationRequested();
        }
        await _template.ReleaseAsync(step, cancel);
        if (change.GroupIn(step.Context).Nodes.Where(node => !node.IsReady).Select(node => node.Name).ToArray() is [_, ..] offline)
            step.Report(ChangeTexts.OfflineLater(string.Join(", ", offline)));
    }

    private string[] Waiting(StepRun step) =>
    [
        .. change.GroupIn(step.Context).Nodes.Where(node => node.IsReady && !spec.NotServing.Contains(node.Name) && !(node.Lvmd is { } pod && _template.IsOf(pod)))
            .Select(node => node.Name),
    ];

    private async Task GuardedAsync(StepRun step, Func<Task> restart, CancellationToken cancel)
    {
        try
        {
            await restart();
        }
        catch (NotComingUpException failed)
        {
            step.Report(ChangeTexts.PuttingBack(failed.Node));
            await change.PutBackAsync(step, cancel);
            var replaced = change.GroupIn(step.Context).Nodes.Where(node => node.Lvmd is { } pod && _template.IsOf(pod)).ToArray();
            await _template.PutBackAsync(step, cancel);
            foreach (var node in replaced) await ReplaceAsync(step, node.Name, pod => !_template.IsOf(pod), cancel);
            var isBack = await ServesAgainAsync(step, failed.Node, cancel);
            throw new OperationFailedException(isBack ? ChangeTexts.PutBack(failed.Node, failed.Problem) : ChangeTexts.PutBackWithoutEffect(failed.Node, failed.Problem));
        }
    }

    private async Task RestartAsync(StepRun step, ImmutableArray<string> nodes, CancellationToken cancel)
    {
        foreach (var node in nodes)
        {
            step.Report(ChangeTexts.Restarting(node));
            await ReplaceAsync(step, node, _template.IsOf, cancel);
        }
        try
        {
            await step.WaitUntilAsync(_ => FirstMissing(step, nodes), timing.ReadyWithin, cancel);
            step.Report(ChangeTexts.Settling(string.Join(", ", nodes)));
            await SettleAsync(step, nodes, cancel);
        }
        catch (OperationFailedException failed)
        {
            var node = nodes.FirstOrDefault(name => change.GroupIn(step.Context).Node(name)?.Lvmd is { } pod && HasEnded(pod)) ?? nodes.FirstOrDefault(name => WhatIsMissingOn(step, name) is not null) ?? nodes[0];
            throw new NotComingUpException(node, await ReasonAsync(step, node, cancel) ?? failed.Problem);
        }
    }

    private Message? FirstMissing(StepRun step, ImmutableArray<string> nodes)
    {
        foreach (var node in nodes)
        {
            if (change.GroupIn(step.Context).Node(node)?.Lvmd is { } pod && _template.IsOf(pod) && HasEnded(pod))
                throw new OperationFailedException(PodTrouble.Of(pod) ?? ChangeTexts.KeepsEnding(node));
        }
        return nodes.Select(node => WhatIsMissingOn(step, node)).FirstOrDefault(missing => missing is not null);
    }

    /// <summary>Deletes the pod unless it is the wanted one already; the DaemonSet makes the next from its template.</summary>
    private async Task ReplaceAsync(StepRun step, string node, Func<Pod, bool> isWanted, CancellationToken cancel)
    {
        if (change.GroupIn(step.Context).Node(node)?.Lvmd is not { } pod || isWanted(pod)) return;
        await step.Cluster.DeleteAsync(Pod.Kind, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid }, cancel);
    }

    private Message? WhatIsMissingOn(StepRun step, string name)
    {
        var node = change.GroupIn(step.Context).Node(name);
        // A node that goes offline meanwhile takes the file when it is back; whether lvmd likes it was seen on the first.
        if (node is not { IsReady: true }) return name == _canary ? ChangeTexts.NodeGone(name) : null;
        if (node.Lvmd is not { } pod || !_template.IsOf(pod)) return ChangeTexts.WaitingForPod(name);
        if (!node.IsServing) return ChangeTexts.WaitingForReady(name);
        return node.DeviceClasses.FirstOrDefault(one => one.AvailableBytes is null) is { } silent ? ChangeTexts.WaitingForCapacity(name, silent.Config.Name) : null;
    }

    private async Task SettleAsync(StepRun step, ImmutableArray<string> nodes, CancellationToken cancel)
    {
        var until = step.Context.Time.GetUtcNow() + timing.Settle;
        var changed = new Signal();
        using var subscription = step.Context.Cluster.Subscribe(changed.Set);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, step.Stop);
        while (until - step.Context.Time.GetUtcNow() is { Ticks: > 0 } left)
        {
            if (FirstMissing(step, nodes) is { } lost) throw new OperationFailedException(lost);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            var woken = changed.WaitAsync(wait.Token);
            await Task.WhenAny(woken, Task.Delay(left, step.Context.Time, wait.Token));
            await wait.CancelAsync();
            await ((Task)woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            either.Token.ThrowIfCancellationRequested();
        }
        if (FirstMissing(step, nodes) is { } gone) throw new OperationFailedException(gone);
    }

    // lvmd itself never ends by itself; topolvm-node around an embedded one does until everything it needs is there.
    private static bool HasEnded(Pod pod)
    {
        var lvmd = pod.Status.ContainerStatuses.FirstOrDefault(container => container.Name == "lvmd");
        return lvmd is null
            ? pod.Status.ContainerStatuses.Any(container => container.Name == "topolvm-node" && container.RestartCount > 2 && !container.Ready)
            : lvmd.RestartCount > 0 || lvmd.State.Terminated is not null;
    }

    private LvmdNode? CanaryOf(LvmdGroup group, ClusterSnapshot cluster)
    {
        var volumes = cluster.LogicalVolumes.Items.Values.Concat(cluster.LegacyLogicalVolumes.Items.Values).CountBy(volume => volume.Spec.NodeName).ToDictionary();
        return group.Nodes.Where(node => node.IsReady).OrderBy(node => spec.NotServing.Contains(node.Name))
            .ThenBy(node => volumes.GetValueOrDefault(node.Name)).ThenBy(node => node.Name, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>lvmd's own last words on a node, when they can be read.</summary>
    private async Task<Message?> ReasonAsync(StepRun step, string node, CancellationToken cancel)
    {
        if (change.GroupIn(step.Context).Node(node)?.Lvmd is not { } pod) return null;
        var container = pod.Spec.Containers.Any(one => one.Name == "lvmd") ? "lvmd" : "topolvm-node";
        var hasRestarted = pod.Status.ContainerStatuses.Any(one => one.Name == container && one.RestartCount > 0 && one.State.Terminated is null);
        try
        {
            string? last = null;
            await foreach (var line in step.Context.Client.LogAsync(pod.Metadata.ObjectName, new() { Container = container, Previous = hasRestarted, TailLines = 5 }, cancel))
                if (!string.IsNullOrWhiteSpace(line)) last = line.Trim();
            return last is null ? null : ChangeTexts.LastWords(container, last);
        }
        catch (Exception silent) when (silent is KubeException or HttpRequestException or IOException)
        {
            // Its state says something too.
            return null;
        }
    }

    private async Task<bool> ServesAgainAsync(StepRun step, string node, CancellationToken cancel)
    {
        try
        {
            await step.WaitUntilAsync(_ => change.GroupIn(step.Context).Node(node) is { IsServing: true, Lvmd: { } pod } && !_template.IsOf(pod) ? null : ChangeTexts.WaitingForReady(node), timing.ReadyWithin, cancel);
            return true;
        }
        catch (OperationFailedException)
        {
            return false;
        }
    }

    private sealed class NotComingUpException(string node, Message reason) : OperationFailedException(reason)
    {
        public string Node { get; } = node;
    }
}
