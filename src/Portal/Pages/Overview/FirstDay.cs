using System.Collections.Immutable;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Overview;

public enum FirstDayStepState
{
    Done,

    /// <summary>The first one that is not done: what to do now.</summary>
    Next,

    Later,
}

public enum FirstDayStepId
{
    Connect,
    Install,
    EnableNodes,
    Capacity,
    FirstVolume,
}

public sealed record FirstDayStep(FirstDayStepId Id, FirstDayStepState State);

/// <summary>The way from an empty cluster to a first volume, as far as the cluster has come.</summary>
public static class FirstDay
{
    public static ImmutableArray<FirstDayStep> Steps(bool isRead, StorageState storage)
    {
        var enabled = storage.Nodes.Where(node => node.IsEnabled).ToArray();
        (FirstDayStepId Id, bool IsDone)[] steps =
        [
            (FirstDayStepId.Connect, isRead),
            (FirstDayStepId.Install, storage.Installation is { IsReady: true }),
            (FirstDayStepId.EnableNodes, enabled.Length > 0),
            (FirstDayStepId.Capacity, enabled.Any(node => !node.Capacities.IsEmpty)),
            (FirstDayStepId.FirstVolume, storage.Volumes.Any(volume => volume.LogicalVolume is not null)),
        ];
        var next = Array.FindIndex(steps, step => !step.IsDone);
        return [.. steps.Select((step, at) => new FirstDayStep(step.Id,
            step.IsDone ? FirstDayStepState.Done : at == next ? FirstDayStepState.Next : FirstDayStepState.Later))];
    }
}
