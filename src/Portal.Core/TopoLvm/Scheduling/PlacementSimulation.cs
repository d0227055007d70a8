using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Scheduling;

// What the schedulers would do with a pod, computed from the same facts that they read: the nodes' labels, taints and
// annotations (or the CSIStorageCapacity objects), the extender's options, its version's formula and its weight.

/// <summary>Where a pod with new volumes could go, and why not elsewhere.</summary>
/// <param name="Nodes">Those that pass first, the highest score first.</param>
public sealed record PlacementSimulation(ImmutableArray<NodePlacement> Nodes)
{
    public IEnumerable<NodePlacement> Passing => Nodes.Where(node => node.Passes);

    /// <summary>Nodes that can win: no other is ahead by more than kube-scheduler's own plugins may make up for.</summary>
    public ImmutableArray<NodePlacement> Candidates { get; private init; } = [];

    /// <summary>The node that wins whatever else kube-scheduler counts; null when that is open.</summary>
    public NodePlacement? Certain => Candidates is [var only] ? only : null;

    public static PlacementSimulation Of(PlacementRequest pod, IEnumerable<Node> nodes, SchedulerSetup setup)
    {
        var placed = nodes.Select(node => Place(pod, node, setup))
            .OrderByDescending(node => node.Passes).ThenByDescending(node => node.WeightedScore).ThenBy(node => node.Node, StringComparer.Ordinal).ToImmutableArray();
        var passing = placed.Where(node => node.Passes).ToArray();
        var best = passing.Select(node => node.WeightedScore).DefaultIfEmpty(0).Max();
        return new(placed) { Candidates = [.. passing.Where(node => best - node.WeightedScore <= setup.OtherPoints)] };
    }

    private static NodePlacement Place(PlacementRequest pod, Node node, SchedulerSetup setup)
    {
        var classes = setup.AsksExtender ? ByAnnotation(pod, node, setup) : ByCapacityObject(pod, node, setup);
        var whyNot = PodFit.WhyNot(pod, node) ?? classes.Select(one => one.WhyNot).FirstOrDefault(why => why is not null);
        var score = setup.AsksExtender ? classes.Where(one => one.Score is not null).Select(one => one.Score!.Value).DefaultIfEmpty(0).Min() : 0;
        return new(node.Metadata.Name, whyNot, score, setup.WeightedScore(score)) { Classes = classes };
    }

    /// <summary>The extender: each class of the pod against the node's annotation of it.</summary>
    private static ImmutableArray<ClassPlacement> ByAnnotation(PlacementRequest pod, Node node, SchedulerSetup setup) =>
    [
        .. pod.Claims.GroupBy(claim => claim.DeviceClass).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => ByAnnotation(group.Key, group.Sum(claim => setup.Rules.Counted(claim.Bytes)), node, setup)),
    ];

    private static ClassPlacement ByAnnotation(string deviceClass, long asked, Node node, SchedulerSetup setup)
    {
        var found = new ClassPlacement(deviceClass, asked) { Divisor = setup.Options.DivisorOf(deviceClass) };
        var name = node.Metadata.Name;
        if (!node.Metadata.Annotations.TryGetValue(setup.Names.CapacityAnnotationPrefix + deviceClass, out var text))
            return found with { WhyNot = SchedulingTexts.NoCapacity(name, ClassText(deviceClass)) };
        // What cannot be read scores as nothing, as in the extender.
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var free))
            return found with { Score = setup.Rules.Score(0, found.Divisor), WhyNot = SchedulingTexts.BadCapacity(name, text, ClassText(deviceClass)) };
        return found with
        {
            FreeBytes = (long)Math.Min(free, long.MaxValue),
            Score = setup.Rules.Score(free, found.Divisor),
            WhyNot = free < (ulong)asked ? TooSmall(name, deviceClass, (long)free, asked) : null,
        };
    }

    /// <summary>Capacity tracking: each claim by itself against the object of its class and this node; nothing is scored.</summary>
    private static ImmutableArray<ClassPlacement> ByCapacityObject(PlacementRequest pod, Node node, SchedulerSetup setup) =>
    [
        .. pod.Claims.OrderBy(claim => claim.DeviceClass, StringComparer.Ordinal).Select(claim =>
        {
            var name = node.Metadata.Name;
            var asked = claim.Bytes;
            var published = setup.Published.Where(one => one.DeviceClass == claim.DeviceClass && one.Node == name).Select(one => (long?)one.Bytes).Max();
            return new ClassPlacement(claim.DeviceClass, asked)
            {
                FreeBytes = published,
                WhyNot = published is not { } free ? SchedulingTexts.NoCapacityObject(name, ClassText(claim.DeviceClass)) : free < asked ? TooSmall(name, claim.DeviceClass, free, asked) : null,
            };
        }),
    ];

    private static Message TooSmall(string node, string deviceClass, long free, long asked) =>
        SchedulingTexts.TooSmall(node, ByteText.Format(free), ClassText(deviceClass), ByteText.Format(asked), ByteText.Format(asked - free));

    private static Message ClassText(string deviceClass) => deviceClass == TopoLvmNames.DefaultClass ? SchedulingTexts.DefaultClass : SchedulingTexts.NamedClass(deviceClass);
}

/// <summary>One node in a simulation.</summary>
/// <param name="WhyNot">Null when the node passes.</param>
/// <param name="Score">The extender's 0 to 10.</param>
/// <param name="WeightedScore">What the score brings in kube-scheduler's sum.</param>
public sealed record NodePlacement(string Node, Message? WhyNot, int Score, long WeightedScore)
{
    public bool Passes => WhyNot is null;

    public ImmutableArray<ClassPlacement> Classes { get; init; } = [];
}

/// <summary>One device class of the pod on one node.</summary>
/// <param name="AskedBytes">As the installed version counts the claims.</param>
public sealed record ClassPlacement(string DeviceClass, long AskedBytes)
{
    /// <summary>Null where nothing readable is published.</summary>
    public long? FreeBytes { get; init; }

    public double Divisor { get; init; } = 1;

    /// <summary>Null where the class adds nothing to the node's score.</summary>
    public int? Score { get; init; }

    public Message? WhyNot { get; init; }

    /// <summary>How the score comes about: "log2(500 / 1) = 8.96"; null when there is nothing to compute.</summary>
    public string? Formula => Score is null || FreeBytes is not { } free || free >> 30 == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"log2({free >> 30} / {SchedulerOptions.Text(Divisor)}) = {Math.Log2((free >> 30) / Divisor):0.00}");
}
