using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes.Agents;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Scenarios;

namespace Portal.Simulator;

// Levels are functions of time, on both sides of the moment at which the scenario begins; counters are kept by the nodes' kernels, with which the cluster
// goes on afterwards. So nothing jumps where what was made ends and what is measured begins.

/// <summary>The past of a scenario as agents and cluster would have told it: made by rule, the same for the same beginning.</summary>
public sealed class MadePast
{
    // As fine as a portal's history is then, and fine enough for the shortest range of a chart.
    private static readonly (TimeSpan Since, TimeSpan Every)[] Paces =
    [
        (TimeSpan.MaxValue, TimeSpan.FromMinutes(10)), (TimeSpan.FromHours(26), TimeSpan.FromMinutes(1)), (TimeSpan.FromHours(2), TimeSpan.FromSeconds(10)),
    ];

    private readonly SitePast _past;
    private readonly ImmutableDictionary<string, PastOfNode> _nodes;

    /// <param name="scenario">One with a past.</param>
    /// <param name="began">When it begins: where its past ends.</param>
    public MadePast(Scenario scenario, DateTimeOffset began)
    {
        (_past, Began, Course) = (scenario.Past ?? throw new ArgumentException("The scenario has no past.", nameof(scenario)), began, SiteCourse.Of(scenario, began));
        var lvmd = scenario.LvmdFile is { } text ? LvmdFile.Read(text, TopoLvmVersion.Newest).Configuration : null;
        var volumes = scenario.Volumes().Concat(_past.Gone).ToLookup(volume => volume.Node);
        _nodes = scenario.Nodes.ToImmutableDictionary(node => node.Name, node => new PastOfNode(node, [.. volumes[node.Name]], lvmd));
    }

    public DateTimeOffset Began { get; }

    internal SiteCourse Course { get; }

    /// <summary>From the oldest. Each call goes through them once more; the cluster goes on from the last.</summary>
    public IEnumerable<PastMoment> Moments()
    {
        for (var before = TimeSpan.FromDays(_past.Days); before >= TimeSpan.Zero;)
        {
            var days = before.TotalDays;
            var here = _nodes.Where(node => !_past.Away.Any(away => away.Node == node.Key && days <= away.FromDaysAgo && days > away.UntilDaysAgo));
            yield return new(Began - before, [.. here.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => node.Value.At(Began, -before))]);
            before -= Paces.Last(pace => before <= pace.Since).Every;
        }
    }

    internal SimulatedKernel? KernelOf(string node) => _nodes.GetValueOrDefault(node)?.Kernel;
}

/// <summary>What the nodes of a site that were there told at a moment of its past.</summary>
public sealed record PastMoment(DateTimeOffset At, ImmutableArray<PastNode> Nodes);

/// <summary>A node at a moment of the past.</summary>
/// <param name="Sample">What its agent measured.</param>
/// <param name="Classes">What topolvm-node published.</param>
public sealed record PastNode(string Name, NodeInventory Inventory, NodeSample Sample, ImmutableArray<Capacity> Classes);
