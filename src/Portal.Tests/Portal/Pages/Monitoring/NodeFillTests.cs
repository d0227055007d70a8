using Portal.Core.TopoLvm;
using Portal.Pages.Monitoring;

namespace Portal.Tests.Portal.Pages.Monitoring;

public sealed class NodeFillTests
{
    private static readonly StorageState Storage = StorageState.Empty with
    {
        Nodes = [Node("edge-1", new Capacity("ssd", 90) { SizeBytes = 100 }, new Capacity("hdd", 4) { SizeBytes = 100 }), Node("edge-2", new Capacity("ssd", 40) { SizeBytes = 100 }), Node("edge-3", new Capacity("ssd", 40))],
    };

    [Fact]
    public void A_node_is_as_full_as_its_fullest_class() =>
        Assert.Equal([("edge-1", "hdd", 96.0, 5), ("edge-2", "ssd", 60.0, 2)], NodeFill.Of(Storage, null).Select(fill => (fill.Node, fill.DeviceClass, fill.Percent, fill.Step)));

    [Fact]
    public void A_chosen_class_is_looked_at_alone() =>
        Assert.Equal([("edge-2", 60.0), ("edge-1", 10.0)], NodeFill.Of(Storage, "ssd").Select(fill => (fill.Node, fill.Percent)));

    [Theory]
    [InlineData("EDGE-2", new[] { "edge-2" })]
    [InlineData("edge", new[] { "edge-1", "edge-2" })]
    [InlineData("cloud", new string[0])]
    public void A_part_of_a_name_narrows(string part, string[] nodes) => Assert.Equal(nodes, NodeFill.Of(Storage, null, part).Select(fill => fill.Node));

    private static StorageNode Node(string name, params Capacity[] capacities) => new(name, false, true, null, true, [.. capacities]);
}
