using Portal.Core.TopoLvm;
using Portal.Pages.Overview;

namespace Portal.Tests.Portal.Pages.Overview;

public sealed class NodesTextTests
{
    private static readonly StorageNode[] Nodes =
    [
        new("a", false, true, null, true, [new("ssd", 200), new(TopoLvmNames.DefaultClass, 200)]) { LogicalVolumes = 1 },
        new("b", false, false, DateTimeOffset.UnixEpoch, false, []),
        new("c", false, true, null, true, [new("ssd", 100)]) { LogicalVolumes = 3 },
    ];

    [Theory]
    [InlineData(NodeColumn.Name, "a b c")]
    [InlineData(NodeColumn.State, "b a c")]
    [InlineData(NodeColumn.Storage, "a c b")]
    [InlineData(NodeColumn.Capacity, "c a b")]
    [InlineData(NodeColumn.Volumes, "c a b")]
    public void What_needs_attention_comes_first(NodeColumn column, string order) =>
        Assert.Equal(order, string.Join(' ', NodesText.Sorted(Nodes, column).Select(node => node.Name)));

    [Fact]
    public void The_alias_of_the_default_class_is_not_a_class_of_its_own() =>
        Assert.Equal("ssd", Assert.Single(NodesText.Classes(Nodes[0])).DeviceClass);

    [Theory]
    [InlineData(null, true)]
    [InlineData("  ", true)]
    [InlineData(" A ", true)]
    [InlineData("x", false)]
    public void A_filter_finds_a_part_of_the_name_in_any_case(string? filter, bool isFound) => Assert.Equal(isFound, NodesText.Matches(Nodes[0], filter));
}
