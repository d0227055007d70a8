using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>A list and the watch after it miss nothing and repeat nothing.</summary>
public abstract class WatchContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Changes_after_a_list_arrive_in_order()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var query = new ListQuery { Namespace = ns, FieldSelector = "metadata.name=lvmd" };
        var list = await Admin.ListAsync(ConfigMaps.Kind, query, Cancel);
        Assert.Empty(list.Items);
        await ChangeAsync(ns, "lvmd");
        Assert.Equal(
            [(WatchEventType.Added, "a"), (WatchEventType.Modified, "b"), (WatchEventType.Deleted, "b")],
            await EventsAsync(query, list.ResourceVersion, 3));
    }

    [Fact]
    public async Task A_watch_continues_after_the_last_event_that_was_seen()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var created = await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "lvmd", "a"), WriteOptions.Default, Cancel);
        await PatchAsync(ns, "lvmd", "b");
        await PatchAsync(ns, "lvmd", "c");
        var query = new ListQuery { Namespace = ns, FieldSelector = "metadata.name=lvmd" };
        Assert.Equal(
            [(WatchEventType.Modified, "b"), (WatchEventType.Modified, "c")],
            await EventsAsync(query, created.Metadata.ResourceVersion, 2));
    }

    [Fact]
    public async Task An_object_that_leaves_the_selection_is_reported_as_deleted()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var query = new ListQuery { Namespace = ns, LabelSelector = "watched=yes" };
        var list = await Admin.ListAsync(ConfigMaps.Kind, query, Cancel);
        await ChangeAsync(ns, "unlabelled");
        var labelled = ConfigMaps.New(ns, "labelled", "a");
        labelled.Json["metadata"]!["labels"] = new JsonObject { ["watched"] = "yes" };
        await Admin.CreateAsync(ConfigMaps.Kind, labelled, WriteOptions.Default, Cancel);
        await Admin.PatchAsync(ConfigMaps.Kind, new(ns, "labelled"), Patch.Merge("""{"metadata":{"labels":{"watched":"no"}}}"""), WriteOptions.Default, Cancel);
        Assert.Equal([WatchEventType.Added, WatchEventType.Deleted],
            (await EventsAsync(query, list.ResourceVersion, 2)).Select(seen => seen.Type));
    }

    [Fact]
    public async Task A_watch_ends_by_itself_when_its_time_is_over()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var query = new ListQuery { Namespace = ns, FieldSelector = "metadata.name=none" };
        var list = await Admin.ListAsync(ConfigMaps.Kind, query, Cancel);
        await foreach (var seen in Admin.WatchAsync(ConfigMaps.Kind, query, list.ResourceVersion, TimeSpan.FromSeconds(1), Cancel))
            Assert.Equal(WatchEventType.Bookmark, seen.Type);
    }

    private async Task ChangeAsync(string ns, string name)
    {
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, name, "a"), WriteOptions.Default, Cancel);
        await PatchAsync(ns, name, "b");
        await Admin.DeleteAsync(ConfigMaps.Kind, new(ns, name), DeleteOptions.Default, Cancel);
    }

    private Task<KubeObject> PatchAsync(string ns, string name, string value) =>
        Admin.PatchAsync(ConfigMaps.Kind, new(ns, name), Patch.Merge($$"""{ "data": { "key": "{{value}}" } }"""), WriteOptions.Default, Cancel);

    private async Task<List<(WatchEventType Type, string? Value)>> EventsAsync(ListQuery query, string after, int count) =>
        await Admin.WatchAsync(ConfigMaps.Kind, query, after, TimeSpan.FromSeconds(60), Cancel)
            .Where(seen => seen.Type != WatchEventType.Bookmark)
            .Select(seen => (seen.Type, ConfigMaps.Value(seen.Object)))
            .Take(count).ToListAsync(Cancel);
}

public sealed class SimulatedWatchContract(SimulatedTestCluster cluster) : WatchContract(cluster);

public sealed class RealWatchContract(RealTestCluster cluster) : WatchContract(cluster);
