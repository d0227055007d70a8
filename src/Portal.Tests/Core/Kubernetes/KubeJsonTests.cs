using System.Text;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Core.Kubernetes;

public sealed class KubeJsonTests
{
    [Fact]
    public void An_absent_field_leaves_the_initial_value()
    {
        var node = Node.Kind.Read("""{"metadata":{"name":"edge-1"}}"""u8);

        Assert.Equal("edge-1", node.Metadata.Name);
        Assert.Equal("", node.Metadata.Uid);
        Assert.Empty(node.Metadata.Labels);
        Assert.Empty(node.Spec.Taints);
        Assert.Empty(node.Status.Conditions);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a","labels":null,"annotations":null,"finalizers":null,"ownerReferences":null,"namespace":null}}""")]
    [InlineData("""{"metadata":{"name":"a","creationTimestamp":null},"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"taints":null},"status":{"conditions":null,"nodeInfo":null}}""")]
    public void Null_means_empty(string json)
    {
        var node = Node.Kind.Read(Encoding.UTF8.GetBytes(json));

        Assert.Empty(node.Metadata.Labels);
        Assert.Empty(node.Metadata.Annotations);
        Assert.Empty(node.Metadata.Finalizers);
        Assert.Empty(node.Metadata.OwnerReferences);
        Assert.Empty(node.Spec.Taints);
        Assert.Empty(node.Status.Conditions);
    }

    [Fact]
    public void Texts_that_many_objects_share_are_kept_once()
    {
        var one = Pod.Kind.Read("""{"metadata":{"labels":{"app":"shop"}},"status":{"phase":"Running"}}"""u8);
        var other = Pod.Kind.Read("""{"metadata":{"labels":{"app":"till"}},"status":{"phase":"Running"}}"""u8);

        Assert.Same(one.Status.Phase, other.Status.Phase);
        Assert.Same(one.Metadata.Labels.Keys.Single(), other.Metadata.Labels.Keys.Single());
    }

    [Theory]
    [InlineData("数据库")]
    [InlineData("a \"quoted\" word\nand a line")]
    [InlineData("")]
    public void Every_text_is_read_as_it_is_meant(string text)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(new { metadata = new { name = text, labels = new Dictionary<string, string> { [text] = text } } });

        var pod = Pod.Kind.Read(Encoding.UTF8.GetBytes(json));

        Assert.Equal(text, pod.Metadata.Name);
        Assert.Equal(text, pod.Metadata.Labels[text]);
    }

    [Fact]
    public void Unknown_fields_are_skipped()
    {
        var pod = Pod.Kind.Read("""{"kind":"Pod","spec":{"nodeName":"n","tolerations":[{"a":{"b":[1,null]}}],"containers":[{"name":"c","image":"i"}]}}"""u8);

        Assert.Equal("n", pod.Spec.NodeName);
        Assert.Equal("i", Assert.Single(pod.Spec.Containers).Image);
    }

    [Fact]
    public void An_initial_value_that_is_not_zero_survives() =>
        Assert.Equal(1, Deployment.Kind.Read("""{"spec":{}}"""u8).Spec.Replicas);
}
