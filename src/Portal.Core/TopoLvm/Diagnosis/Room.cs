using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>Where claims that have no node yet could get their volumes: each node with what it offers and whether the pod may run there.</summary>
/// <param name="Pod">Null for a claim that does not wait for one.</param>
internal sealed record Room(Pod? Pod, ImmutableArray<ClaimCase> Claims, ImmutableArray<NodeRoom> Nodes)
{
    public static readonly Room None = new(null, [], []);

    /// <summary>Nodes on which the pod may run and that have room for everything.</summary>
    public IEnumerable<NodeRoom> Fitting => Nodes.Where(node => node.PodWhyNot is null && node.HasRoom);

    /// <summary>Nodes that would do, or might, if what is wrong there were mended: they are offline with room enough, or, where no node offers the
    /// class, their lvmd does not serve.</summary>
    public IEnumerable<string> Idle
    {
        get
        {
            if (Claims.IsEmpty || Fitting.Any()) return [];
            var isOffered = Nodes.Any(node => node.PodWhyNot is null && node.Offers && node.IsServing);
            return Nodes.Where(node => !node.Node.IsReady ? node is { HasRoom: true, IsBarredByPod: false } : !isOffered && node.PodWhyNot is null && node.IsConfigured && !node.IsServing)
                .Select(node => node.Node.Metadata.Name);
        }
    }

    /// <summary>Every question of room in a case.</summary>
    public static IEnumerable<Room> In(Case one) => one.Pods.Select(pod => Of(pod, one))
        .Concat(one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, IsImmediate: true }).Select(claim => Of(null, [claim], one.Around)))
        .Where(room => !room.Claims.IsEmpty);

    public static Room Of(Pod pod, Case one)
    {
        if (!Case.IsUnplaced(pod)) return None;
        var claims = Surroundings.ClaimsOf(pod).Select(name => ClaimCase.Of(name, one.Around))
            .Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, IsImmediate: false, SelectedNode: null }).ToImmutableArray();
        return claims.IsEmpty ? None : Of(pod, claims, one.Around);
    }

    private static Room Of(Pod? pod, ImmutableArray<ClaimCase> claims, Surroundings around)
    {
        var request = RequestOf(pod);
        var demands = claims.GroupBy(claim => claim.DeviceClass!).OrderBy(claim => claim.Key, StringComparer.Ordinal)
            .Select(group => (Class: group.Key, Bytes: group.Sum(claim => around.Rules.Counted(claim.Asked)))).ToArray();
        var offers = demands.Select(demand => (demand.Bytes, Rooms: around.OffersOf(demand.Class))).ToArray();
        var nodes = around.NodesByName.Select((node, at) =>
        {
            ImmutableArray<ClassRoom> classes = [.. offers.Select(offer => offer.Rooms[at] with { Asked = offer.Bytes })];
            return new NodeRoom(node, PodFit.WhyNot(request, node), classes)
            {
                IsServing = around.Lvmd(node.Metadata.Name)?.Node.IsServing == true,
                IsConfigured = around.Lvmd(node.Metadata.Name) is { } found && (!found.Group.Reading.IsReadable || classes.All(one => one.Config is not null)),
            };
        });
        return new(pod, claims, [.. nodes]);
    }

    public static PlacementRequest RequestOf(Pod? pod) => pod is null ? new() : new()
    {
        NodeSelector = pod.Spec.NodeSelector.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Affinity = pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution,
        Tolerations = pod.Spec.Tolerations,
    };

    /// <summary>The class as lvmd.yaml and LogicalVolumes name it: the default one has no name there.</summary>
    public static string FileName(string deviceClass) => deviceClass == TopoLvmNames.DefaultClass ? "" : deviceClass;
}

/// <summary>A node with what it has for a pod's claims.</summary>
/// <param name="PodWhyNot">Why the pod may not run there, whatever room there is.</param>
internal sealed record NodeRoom(Node Node, Message? PodWhyNot, ImmutableArray<ClassRoom> Classes)
{
    /// <summary>lvmd and topolvm-node run there.</summary>
    public bool IsServing { get; init; }

    /// <summary>Its lvmd.yaml has the classes.</summary>
    public bool IsConfigured { get; init; }

    /// <summary>The pod may not run there, whether the node reports or not: its own rules are looked at before taints.</summary>
    public bool IsBarredByPod => PodWhyNot is not null && PodWhyNot.Key != nameof(SchedulingTexts.NodeNotReady);

    /// <summary>It publishes something for each class.</summary>
    public bool Offers => Classes.All(one => one.Available is not null);

    public bool HasRoom => Classes.All(one => one.Available >= one.Asked);
}

/// <summary>What a node publishes for a device class, against what is asked.</summary>
/// <param name="Config">The class in the node's lvmd.yaml; null where it is not there.</param>
internal sealed record ClassRoom(string DeviceClass, long Asked, long? Available, DeviceClassConfig? Config)
{
    /// <summary>What spare-gb hides from schedulers on top of what is available; 0 where it hides nothing.</summary>
    public long HeldBack { get; private init; }

    public static ClassRoom Of(string deviceClass, long asked, Node node, Surroundings around)
    {
        var group = around.Lvmd(node.Metadata.Name)?.Group;
        var config = group?.Config.Find(Room.FileName(deviceClass));
        var counts = LvmdVersions.PublishesSpare(group?.Version ?? around.Version);
        return new(deviceClass, asked, around.Published(node, deviceClass), config) { HeldBack = counts ? config?.SpareBytes ?? 0 : 0 };
    }
}
