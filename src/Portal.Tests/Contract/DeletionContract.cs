using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>What holds a deletion up, and what goes with what is deleted.</summary>
public abstract class DeletionContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task An_object_with_a_finalizer_stays_marked_until_the_finalizer_is_gone()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var held = ConfigMaps.New(ns, "held", "a");
        held.Json["metadata"]!["finalizers"] = new JsonArray("example.test/hold");
        await Admin.CreateAsync(ConfigMaps.Kind, held, WriteOptions.Default, Cancel);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "held"), DeleteOptions.Default, Cancel);
        Assert.True((await Admin.GetAsync(ConfigMaps.Kind, new(ns, "held"), Cancel)).Metadata.IsBeingDeleted);
        await Admin.PatchAsync(ConfigMaps.Kind, new(ns, "held"), Patch.Merge("""{"metadata":{"finalizers":null}}"""), WriteOptions.Default, Cancel);
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "held"), Cancel));
    }

    [Fact]
    public async Task An_owned_object_follows_its_owner()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await OwnedPairAsync(ns);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "owner"), new() { Propagation = Propagation.Background }, Cancel);
        await GoneAsync(ConfigMaps.Kind, new(ns, "owned"));
    }

    [Fact]
    public async Task A_foreground_deletion_takes_the_owned_object_first()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await OwnedPairAsync(ns);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "owner"), new() { Propagation = Propagation.Foreground }, Cancel);
        await GoneAsync(ConfigMaps.Kind, new(ns, "owner"));
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "owned"), Cancel));
    }

    [Fact]
    public async Task An_orphan_stays_and_forgets_its_owner()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await OwnedPairAsync(ns);
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, "owner"), new() { Propagation = Propagation.Orphan }, Cancel);
        await GoneAsync(ConfigMaps.Kind, new(ns, "owner"));
        Assert.Empty((await Admin.GetAsync(ConfigMaps.Kind, new(ns, "owned"), Cancel)).Metadata.OwnerReferences);
    }

    [Fact]
    public async Task A_namespace_goes_with_everything_in_it()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "inside", "a"), WriteOptions.Default, Cancel);
        await Admin.DeleteAsync(Namespace.Kind, new(null, ns), DeleteOptions.Default, Cancel);
        await GoneAsync(Namespace.Kind, new(null, ns));
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "inside"), Cancel));
    }

    [Fact]
    public async Task Nothing_new_is_created_in_a_namespace_that_is_going()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var held = ConfigMaps.New(ns, "held", "a");
        held.Json["metadata"]!["finalizers"] = new JsonArray("example.test/hold");
        await Admin.CreateAsync(ConfigMaps.Kind, held, WriteOptions.Default, Cancel);
        await Admin.DeleteAsync(Namespace.Kind, new(null, ns), DeleteOptions.Default, Cancel);
        var refusal = await Assert.ThrowsAsync<KubeException>(() => Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "late", "a"), WriteOptions.Default, Cancel));
        Assert.Equal(403, refusal.Status.Code);
        Assert.Contains(refusal.Status.Details!.Causes, cause => cause.Reason == "NamespaceTerminating");
        await Admin.PatchAsync(ConfigMaps.Kind, new(ns, "held"), Patch.Merge("""{"metadata":{"finalizers":null}}"""), WriteOptions.Default, Cancel);
    }

    private async Task OwnedPairAsync(string ns)
    {
        var owner = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "owner", "a"), WriteOptions.Default, Cancel);
        var owned = ConfigMaps.New(ns, "owned", "b");
        owned.Json["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = "owner",
            ["uid"] = owner.Metadata.Uid,
            ["blockOwnerDeletion"] = true,
        });
        await Admin.CreateAsync(ConfigMaps.Kind, owned, WriteOptions.Default, Cancel);
    }

    private async Task GoneAsync<T>(KubeKind<T> kind, ObjectName name) where T : class, IKubeObject
    {
        var query = new ListQuery { Namespace = name.Namespace, FieldSelector = "metadata.name=" + name.Name };
        var list = await Admin.ListAsync(kind, query, Cancel);
        if (list.Items.IsEmpty) return;
        Assert.True(await Admin.WatchAsync(kind, query, list.ResourceVersion, TimeSpan.FromSeconds(60), Cancel)
            .AnyAsync(seen => seen.Type == WatchEventType.Deleted, Cancel), $"{name} was still there after a minute.");
    }
}

public sealed class SimulatedDeletionContract(SimulatedTestCluster cluster) : DeletionContract(cluster);

public sealed class RealDeletionContract(RealTestCluster cluster) : DeletionContract(cluster);
