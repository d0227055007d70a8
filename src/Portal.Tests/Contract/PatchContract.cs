using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>The two patch formats, and what they may touch.</summary>
public abstract class PatchContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_merge_patch_sets_what_it_names_and_null_removes()
    {
        var name = await NewAsync();

        await Admin.PatchAsync(ConfigMaps.Kind, name, Patch.Merge("""{"data":{"key":null,"other":"b"}}"""), WriteOptions.Default, Cancel);

        Assert.Equal("""{"other":"b"}""", await DataAsync(name));
    }

    [Fact]
    public async Task A_json_patch_is_done_as_a_whole_or_not_at_all()
    {
        var name = await NewAsync();
        var patch = Patch.Json("""[{"op":"add","path":"/data/other","value":"b"},{"op":"test","path":"/data/key","value":"somebody else's"}]""");

        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.PatchAsync(ConfigMaps.Kind, name, patch, WriteOptions.Default, Cancel));

        Assert.Equal(422, refusal.Status.Code);
        Assert.Equal("""{"key":"a"}""", await DataAsync(name));
    }

    [Fact]
    public async Task A_json_patch_whose_test_holds_is_done()
    {
        var name = await NewAsync();
        var patch = Patch.Json("""[{"op":"test","path":"/data/key","value":"a"},{"op":"replace","path":"/data/key","value":"b"},{"op":"add","path":"/metadata/annotations","value":{}},{"op":"add","path":"/metadata/annotations/with~1slash","value":"c"}]""");

        var patched = await Admin.PatchAsync(ConfigMaps.Kind, name, patch, WriteOptions.Default, Cancel);

        Assert.Equal("""{"key":"b"}""", await DataAsync(name));
        Assert.Equal("c", patched.Metadata.Annotations["with/slash"]);
    }

    [Fact]
    public async Task A_patch_that_names_an_older_state_is_a_conflict()
    {
        var name = await NewAsync();
        var seen = await Admin.GetAsync(ConfigMaps.Kind, name, Cancel);
        await Admin.PatchAsync(ConfigMaps.Kind, name, Patch.Merge("""{"data":{"key":"b"}}"""), WriteOptions.Default, Cancel);

        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.PatchAsync(ConfigMaps.Kind, name,
            Patch.Merge($$$"""{"metadata":{"resourceVersion":"{{{seen.Metadata.ResourceVersion}}}"},"data":{"key":"c"}}"""), WriteOptions.Default, Cancel));

        Assert.True(refusal.IsConflict);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_leaves_the_object_as_it_was()
    {
        var name = await NewAsync();
        var before = await Admin.GetAsync(ConfigMaps.Kind, name, Cancel);

        var after = await Admin.PatchAsync(ConfigMaps.Kind, name, Patch.Merge("""{"data":{"key":"a"}}"""), WriteOptions.Default, Cancel);

        Assert.Equal(before.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_patch_of_an_absent_object_finds_nothing()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<KubeException>(
            () => Admin.PatchAsync(ConfigMaps.Kind, new(ns, "none"), Patch.Merge("{}"), WriteOptions.Default, Cancel));

        Assert.True(refusal.IsNotFound);
    }

    [Fact]
    public async Task The_spec_cannot_be_changed_through_the_status_nor_the_status_through_the_spec()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var name = new ObjectName(null, ns);
        await Admin.PatchAsync(Namespace.Kind, name, Patch.Merge("""{"status":{"phase":"Terminating"}}"""), WriteOptions.Default, Cancel);

        var found = await Admin.GetAsync(new KubeKind<KubeObject>("", "v1", "namespaces", "Namespace", false, KubeJson.Of<KubeObject>()), name, Cancel);

        Assert.Equal("Active", (string?)found.Json["status"]?["phase"]);
    }

    private async Task<ObjectName> NewAsync()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        return new(ns, "lvmd");
    }

    private async Task<string> DataAsync(ObjectName name) => (await Admin.GetAsync(ConfigMaps.Kind, name, Cancel)).Json["data"]!.ToJsonString();
}

public sealed class SimulatedPatchContract(SimulatedTestCluster cluster) : PatchContract(cluster);

public sealed class RealPatchContract(RealTestCluster cluster) : PatchContract(cluster);
