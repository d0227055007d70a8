using System.Text.Json.Nodes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class FieldRemovalTests
{
    [Theory]
    [InlineData(".spec.replicas", """{"metadata":{"labels":{"app.kubernetes.io/name":"a"}},"spec":{"list":[{"name":"x","image":"1"},{"name":"y","port":80}],"set":["a","b"]}}""")]
    [InlineData(".metadata.labels.app.kubernetes.io/name", """{"metadata":{"labels":{}},"spec":{"replicas":1,"list":[{"name":"x","image":"1"},{"name":"y","port":80}],"set":["a","b"]}}""")]
    [InlineData(".spec.list[name=\"x\"].image", """{"metadata":{"labels":{"app.kubernetes.io/name":"a"}},"spec":{"replicas":1,"list":[{"name":"x"},{"name":"y","port":80}],"set":["a","b"]}}""")]
    [InlineData(".spec.list[name=\"y\",port=80]", """{"metadata":{"labels":{"app.kubernetes.io/name":"a"}},"spec":{"replicas":1,"list":[{"name":"x","image":"1"}],"set":["a","b"]}}""")]
    [InlineData(".spec.set[=\"b\"]", """{"metadata":{"labels":{"app.kubernetes.io/name":"a"}},"spec":{"replicas":1,"list":[{"name":"x","image":"1"},{"name":"y","port":80}],"set":["a"]}}""")]
    public void A_field_goes_by_the_path_that_the_server_names(string path, string expected)
    {
        var document = Document();

        Assert.True(FieldRemoval.Remove(document, path));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), document), document.ToJsonString());
    }

    [Theory]
    [InlineData(".spec.absent")]
    [InlineData(".spec.list[name=\"z\"].image")]
    [InlineData(".spec.list[7]")]
    [InlineData("spec")]
    [InlineData(".spec.list[name")]
    [InlineData("")]
    public void A_path_that_names_nothing_changes_nothing(string path)
    {
        var document = Document();

        Assert.False(FieldRemoval.Remove(document, path));
        Assert.True(JsonNode.DeepEquals(Document(), document));
    }

    private static JsonNode Document() =>
        JsonNode.Parse("""{"metadata":{"labels":{"app.kubernetes.io/name":"a"}},"spec":{"replicas":1,"list":[{"name":"x","image":"1"},{"name":"y","port":80}],"set":["a","b"]}}""")!;
}
