using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>A question about one object, with every object that may hold the answer.</summary>
internal sealed record Case(Subject Subject, Surroundings Around)
{
    /// <summary>The object asked about exists.</summary>
    public bool Exists { get; init; } = true;

    public ImmutableArray<Pod> Pods { get; init; } = [];
    public ImmutableArray<ClaimCase> Claims { get; init; } = [];
    public ImmutableArray<LogicalVolume> LogicalVolumes { get; init; } = [];

    /// <summary>The nodes on which something of the case is, or is to be, or could be if they served.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>Where claims of the case that have no node yet could go; looked at once, because a site may have thousands of nodes.</summary>
    public ImmutableArray<Room> Rooms { get; private init; } = [];

    /// <summary>Pods that have no node yet; one that names its node itself does not count.</summary>
    public IEnumerable<Pod> Unplaced => Pods.Where(IsUnplaced);

    public static Case Of(Subject subject, Surroundings around)
    {
        var one = subject.Kind switch
        {
            SubjectKind.Pod => OfPod(subject, around),
            SubjectKind.Claim => OfClaims(new(subject, around), ClaimCase.Of(subject.Name, around)) with { Exists = around.Cluster.Claims.Items.ContainsKey(subject.Name) },
            SubjectKind.LogicalVolume => OfLogicalVolume(subject, around),
            _ => new(subject, around) { Exists = around.Node(subject.Name.Name) is not null, Nodes = [subject.Name.Name] },
        };
        one = one with { Rooms = [.. Room.In(one)] };
        return one with { Nodes = [.. one.Nodes.Concat(one.Rooms.Where(room => room.Pod is not null).SelectMany(room => room.Idle)).Distinct().Order(StringComparer.Ordinal)] };
    }

    internal static bool IsUnplaced(Pod pod) => string.IsNullOrEmpty(pod.Spec.NodeName) && !pod.Metadata.IsBeingDeleted;

    private static Case OfPod(Subject subject, Surroundings around)
    {
        if (around.Cluster.Pods.Items.GetValueOrDefault(subject.Name) is not { } pod) return new(subject, around) { Exists = false };
        // A pod that does its work has no trouble, whatever else is wrong; one that has ended needs nothing.
        if (pod.Status.Phase is "Succeeded" or "Failed") return new(subject, around);
        var found = OfClaims(new(subject, around), [.. Surroundings.ClaimsOf(pod).Select(name => ClaimCase.Of(name, around))]);
        return found with { Pods = [pod], Nodes = pod.Spec.NodeName is { Length: > 0 } node ? [.. found.Nodes, node] : found.Nodes };
    }

    private static Case OfLogicalVolume(Subject subject, Surroundings around)
    {
        if (around.LogicalVolume(subject.Name.Name) is not { } volume) return new(subject, around) { Exists = false };
        var claim = around.PersistentVolume(volume.Metadata.Name)?.Spec.ClaimRef is { Name: { } name } reference ? ClaimCase.Of(new(reference.Namespace, name), around) : null;
        // A claim of that name may be another one by now.
        var found = claim?.LogicalVolume == volume ? OfClaims(new(subject, around), claim) : new(subject, around);
        return found with { LogicalVolumes = [volume], Nodes = [.. found.Nodes, volume.Spec.NodeName] };
    }

    private static Case OfClaims(Case one, params ReadOnlySpan<ClaimCase> claims)
    {
        ImmutableArray<ClaimCase> all = [.. claims];
        return one with
        {
            Claims = all,
            Pods = [.. all.SelectMany(claim => claim.Pods).DistinctBy(pod => pod.Metadata.ObjectName)],
            LogicalVolumes = [.. all.Select(claim => claim.LogicalVolume).OfType<LogicalVolume>()],
            Nodes = [.. all.Select(claim => claim.Node).OfType<string>()],
        };
    }
}
