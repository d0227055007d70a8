using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>Objects of a kind that a definition brought: checked by its schema, and gone with it.</summary>
public abstract class CustomResourceContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task An_object_keeps_the_fields_of_the_schema_and_loses_the_others()
    {
        await using var kind = await KindAsync();

        var created = await Admin.CreateAsync(kind.Kind, kind.New("a", """{"name":"a","nodeName":"edge-1","size":"1Gi","colour":"red"}"""), WriteOptions.Default, Cancel);

        Assert.Equal("edge-1", (string?)created.Json["spec"]!["nodeName"]);
        Assert.Null(created.Json["spec"]!["colour"]);
    }

    [Theory]
    [InlineData("""{"name":"a","size":"1Gi"}""", "spec.nodeName")]
    [InlineData("""{"name":5,"nodeName":"edge-1","size":"1Gi"}""", "spec.name")]
    public async Task An_object_that_the_schema_does_not_allow_is_refused_with_the_field(string spec, string field)
    {
        await using var kind = await KindAsync();

        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.CreateAsync(kind.Kind, kind.New("a", spec), WriteOptions.Default, Cancel));

        Assert.Equal((422, "Invalid"), (refusal.Status.Code, refusal.Status.Reason));
        Assert.Contains(refusal.Status.Details!.Causes, cause => cause.Field == field);
    }

    [Fact]
    public async Task The_status_is_written_through_its_own_door_and_does_not_count_as_a_new_generation()
    {
        await using var kind = await KindAsync();
        await Admin.CreateAsync(kind.Kind, kind.New("a", """{"name":"a","nodeName":"edge-1","size":"1Gi"}"""), WriteOptions.Default, Cancel);

        await Admin.PatchAsync(kind.Kind, new(null, "a"), Patch.Merge("""{"status":{"volumeID":"ignored"}}"""), WriteOptions.Default, Cancel);
        var ignored = await Admin.GetAsync(kind.Kind, new(null, "a"), Cancel);
        var written = await Admin.PatchAsync(kind.Kind, new(null, "a"), Patch.Merge("""{"status":{"volumeID":"u1"}}"""), WriteOptions.Default, Cancel, "status");
        var grown = await Admin.PatchAsync(kind.Kind, new(null, "a"), Patch.Merge("""{"spec":{"size":"2Gi"}}"""), WriteOptions.Default, Cancel);

        Assert.Null(ignored.Json["status"]);
        Assert.Equal("u1", (string?)written.Json["status"]!["volumeID"]);
        Assert.Equal((1, 2), (written.Metadata.Generation, grown.Metadata.Generation));
    }

    [Fact]
    public async Task The_objects_go_with_their_definition()
    {
        var kind = await KindAsync();
        await Admin.CreateAsync(kind.Kind, kind.New("a", """{"name":"a","nodeName":"edge-1","size":"1Gi"}"""), WriteOptions.Default, Cancel);

        await kind.DisposeAsync();

        await Eventually.PassesAsync(async () => Assert.True((await Assert.ThrowsAsync<KubeException>(() => Admin.GetAsync(kind.Kind, new(null, "a"), Cancel))).IsNotFound), Cancel);
        await Eventually.PassesAsync(async () => Assert.Null(await Admin.FindAsync(CustomResourceDefinition.Kind, kind.Definition, Cancel)), Cancel);
    }

    private static int _kinds;

    // A group of this test alone: the cluster is shared, and a definition has no namespace.
    private async Task<OwnKind> KindAsync()
    {
        var group = $"g{Interlocked.Increment(ref _kinds)}.{Cluster.Name}.example.com";
        var kind = new OwnKind(Admin, group);
        await Admin.CreateAsync(CustomResourceDefinition.Kind, kind.Document(), WriteOptions.Default, Cancel);
        await Eventually.PassesAsync(async () => Assert.Empty((await Admin.ListAsync(kind.Kind, ListQuery.All, Cancel)).Items), Cancel);
        return kind;
    }

    private sealed class OwnKind(KubeClient client, string group) : IAsyncDisposable
    {
        public KubeKind<KubeObject> Kind { get; } = new(group, "v1", "logicalvolumes", "LogicalVolume", false, KubeJson.Of<KubeObject>());

        public ObjectName Definition { get; } = new(null, "logicalvolumes." + group);

        public KubeObject New(string name, string spec) => new(new JsonObject
        {
            ["apiVersion"] = group + "/v1",
            ["kind"] = "LogicalVolume",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = JsonNode.Parse(spec),
        });

        public KubeObject Document() => new(JsonNode.Parse($$"""
            {
              "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "{{Definition.Name}}" },
              "spec": {
                "group": "{{group}}", "scope": "Cluster",
                "names": { "kind": "LogicalVolume", "listKind": "LogicalVolumeList", "plural": "logicalvolumes", "singular": "logicalvolume" },
                "versions": [ { "name": "v1", "served": true, "storage": true, "subresources": { "status": {} }, "schema": { "openAPIV3Schema": {
                  "type": "object",
                  "properties": {
                    "spec": {
                      "type": "object", "required": ["name", "nodeName", "size"],
                      "properties": { "name": { "type": "string" }, "nodeName": { "type": "string" }, "size": { "type": "string" } }
                    },
                    "status": { "type": "object", "properties": { "volumeID": { "type": "string" } } }
                  }
                } } } ]
              }
            }
            """)!.AsObject());

        public async ValueTask DisposeAsync() =>
            await client.DeleteAsync(CustomResourceDefinition.Kind, Definition, DeleteOptions.Default, CancellationToken.None);
    }
}

public sealed class SimulatedCustomResourceContract(SimulatedTestCluster cluster) : CustomResourceContract(cluster);

public sealed class RealCustomResourceContract(RealTestCluster cluster) : CustomResourceContract(cluster);
