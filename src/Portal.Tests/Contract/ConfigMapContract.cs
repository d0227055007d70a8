using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>What every object lives through: created, read, listed, replaced, deleted.</summary>
public abstract class ConfigMapContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_created_object_is_found_with_what_the_server_added()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var created = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        var found = await Admin.GetAsync(ConfigMaps.Kind, new(ns, "lvmd"), Cancel);
        Assert.Equal("a", ConfigMaps.Value(found));
        Assert.NotEmpty(found.Metadata.Uid);
        Assert.NotNull(found.Metadata.CreationTimestamp);
        Assert.Equal(created.Metadata.ResourceVersion, found.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_second_object_of_the_same_name_is_refused()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        var refusal = await Assert.ThrowsAsync<KubeException>(
            () => Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "b"), WriteOptions.Default, Cancel));
        Assert.True(refusal.IsAlreadyExists);
        Assert.Equal(409, refusal.Status.Code);
        Assert.Equal("configmaps \"lvmd\" already exists", refusal.Status.Message);
    }

    [Fact]
    public async Task An_absent_object_is_not_found()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.GetAsync(ConfigMaps.Kind, new(ns, "none"), Cancel));
        Assert.True(refusal.IsNotFound);
        Assert.Equal("NotFound", refusal.Status.Reason);
        Assert.Equal("configmaps \"none\" not found", refusal.Status.Message);
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "none"), Cancel));
    }

    [Fact]
    public async Task A_list_comes_in_pages_of_one_and_the_same_moment()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (var name in names) await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, name, ""), WriteOptions.Default, Cancel);
        var query = new ListQuery { Namespace = ns, Limit = 2, FieldSelector = "metadata.name!=kube-root-ca.crt" };
        var first = await Admin.ListAsync(ConfigMaps.Kind, query, Cancel);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "e"), DeleteOptions.Default, Cancel);
        var pages = new List<KubeList<KubeObject>> { first };
        while (pages[^1].Continue is { } next) pages.Add(await Admin.ListAsync(ConfigMaps.Kind, query with { Continue = next }, Cancel));
        Assert.Equal(names, pages.SelectMany(page => page.Items).Select(item => item.Name));
        Assert.Equal(3, pages.Count);
        Assert.All(pages, page => Assert.Equal(first.ResourceVersion, page.ResourceVersion));
    }

    [Fact]
    public async Task An_update_of_an_older_state_is_a_conflict()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var seen = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        await Admin.PatchAsync(ConfigMaps.Kind, new(ns, "lvmd"), Patch.Merge("""{"data":{"key":"b"}}"""), WriteOptions.Default, Cancel);
        seen.Json["data"]!["key"] = "c";
        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.UpdateAsync(ConfigMaps.Kind, seen, WriteOptions.Default, Cancel));
        Assert.True(refusal.IsConflict);
        var found = await Admin.GetAsync(ConfigMaps.Kind, new(ns, "lvmd"), Cancel);
        Assert.Equal("b", ConfigMaps.Value(found));
    }

    [Fact]
    public async Task A_dry_run_answers_as_the_write_would_and_changes_nothing()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var answer = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), new() { DryRun = true }, Cancel);
        Assert.NotEmpty(answer.Metadata.Uid);
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "lvmd"), Cancel));
    }

    [Fact]
    public async Task A_deletion_says_whether_there_was_something_to_delete()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        Assert.True(await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "lvmd"), DeleteOptions.Default, Cancel));
        Assert.False(await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "lvmd"), DeleteOptions.Default, Cancel));
    }

    [Fact]
    public async Task An_object_that_was_replaced_meanwhile_is_not_deleted_in_its_place()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var seen = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "lvmd"), DeleteOptions.Default, Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "b"), WriteOptions.Default, Cancel);
        var refusal = await Assert.ThrowsAsync<KubeException>(
            () => Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "lvmd"), new() { Uid = seen.Metadata.Uid }, Cancel));
        Assert.True(refusal.IsConflict);
    }
}

public sealed class SimulatedConfigMapContract(SimulatedTestCluster cluster) : ConfigMapContract(cluster);

public sealed class RealConfigMapContract(RealTestCluster cluster) : ConfigMapContract(cluster);
