using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>What decides where a pod with new TopoLVM volumes goes.</summary>
public sealed record SchedulerSetup
{
    /// <summary>kube-scheduler asks topolvm-scheduler; otherwise it reads CSIStorageCapacity objects by itself.</summary>
    public bool AsksExtender { get; init; } = true;

    public required TopoLvmNames Names { get; init; }

    public ExtenderRules Rules { get; init; } = ExtenderRules.Of(null);

    public SchedulerOptions Options { get; init; } = SchedulerOptions.Default;

    /// <summary>The extender's weight in kube-scheduler's configuration.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The most that kube-scheduler's own plugins can give one node more than another: 100 points for each of their weights.</summary>
    public int OtherPoints { get; init; } = OtherPointsOf(20);

    /// <summary>What the CSIStorageCapacity objects say; read only when no extender is asked.</summary>
    public ImmutableArray<PublishedCapacity> Published { get; init; } = [];

    /// <summary>The default plugins' points in Kubernetes 1.<paramref name="minor"/>; NodePreferAvoidPods, which only an annotation wakes, is left out.</summary>
    public static int OtherPointsOf(int minor) => minor < 23 ? 800 : 1200;

    /// <summary>kube-scheduler puts an extender's 0 to 10 on its own scale of 100 before it counts the weight.</summary>
    public long WeightedScore(int score) => (long)score * Weight * 10;
}

/// <summary>What one CSIStorageCapacity object says of a node.</summary>
/// <param name="DeviceClass">The device class behind the object's StorageClass.</param>
public sealed record PublishedCapacity(string DeviceClass, string Node, long Bytes);
