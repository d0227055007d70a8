using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>A cause with everything that it stops.</summary>
/// <param name="Subjects">The node first, then claims, pods and LogicalVolumes.</param>
public sealed record AttentionItem(Finding Finding, ImmutableArray<Subject> Subjects);

/// <summary>What in a cluster does not go on until somebody does something: the first cause of everything that is stuck.</summary>
/// <param name="Around">What the answers were found in; further questions about the same snapshot are put to it.</param>
public sealed record Attention(Surroundings Around, ImmutableArray<AttentionItem> Items)
{
    // A cluster in which that much is stuck has few causes, and those are found by then.
    private const int ExaminedAtMost = 100;

    public static readonly Attention None = new(Surroundings.Of(ClusterSnapshot.Empty, StorageState.Empty), []);

    /// <summary>Stuck objects that were not looked at, because so many are stuck.</summary>
    public int NotExamined { get; private init; }

    public static Attention Of(Surroundings around)
    {
        var stuck = Claims(around).Concat(Pods(around)).Concat(LogicalVolumes(around)).ToArray();
        var items = Nodes(around).Concat(stuck.Take(ExaminedAtMost)).Select(subject => Verdict.Of(subject, around))
            .Where(verdict => verdict.First is { Urgency: Urgency.Stopped })
            .GroupBy(verdict => verdict.First!.What).Select(same => new AttentionItem(same.First().First!, [.. same.Select(verdict => verdict.Subject)]));
        // The most is gained by mending what stops the most.
        return new(around, [.. items.OrderByDescending(item => item.Subjects.Length)]) { NotExamined = Math.Max(0, stuck.Length - ExaminedAtMost) };
    }

    private static IEnumerable<Subject> Nodes(Surroundings around) => around.Storage.Nodes
        .Where(node => !node.Pods.IsEmpty || node.LogicalVolumes > 0 || around.Lvmd(node.Name) is not null).Select(node => new Subject(SubjectKind.Node, new(null, node.Name)));

    private static IEnumerable<Subject> Claims(Surroundings around) => around.Cluster.Claims.Items.Values
        .Where(claim => claim.Status.Phase != "Bound" || claim.Metadata.IsBeingDeleted || IsGrowing(claim))
        .Where(claim => IsOfInterest(around.Claim(claim.Metadata.ObjectName), around))
        .Select(Subject.Of).OrderBy(subject => subject.ToString(), StringComparer.Ordinal);

    private static IEnumerable<Subject> Pods(Surroundings around) => around.Cluster.Pods.Items.Values
        .Where(pod => pod.Status.Phase != "Running" || pod.Metadata.IsBeingDeleted || string.IsNullOrEmpty(pod.Spec.NodeName)).Where(Trouble.Of)
        .Where(pod => Surroundings.ClaimsOf(pod).Select(around.Claim).Any(claim => IsOfInterest(claim, around)))
        .Select(Subject.Of).OrderBy(subject => subject.ToString(), StringComparer.Ordinal);

    private static IEnumerable<Subject> LogicalVolumes(Surroundings around) => around.Cluster.LegacyLogicalVolumes.Items.Values.Concat(around.Cluster.LogicalVolumes.Items.Values)
        .Where(volume => Trouble.Of(volume, around)).Select(Subject.Of).OrderBy(subject => subject.ToString(), StringComparer.Ordinal);

    // Without TopoLVM, a claim of a class that is not there is not known to be meant for it.
    private static bool IsOfInterest(ClaimCase claim, Surroundings around) => claim.IsOurs || (claim.Class is null && claim.PersistentVolume is null && around.Installation is not null);

    // Two texts that are the same need no reading, which most are.
    private static bool IsGrowing(PersistentVolumeClaim claim)
    {
        var (asked, has) = (claim.Spec.Resources.Requests.GetValueOrDefault("storage"), claim.Status.Capacity.GetValueOrDefault("storage"));
        return asked != has && Quantity.TryParse(asked, out var more) && (!Quantity.TryParse(has, out var less) || more > less);
    }
}
