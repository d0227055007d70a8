using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator.Api;

namespace Portal.Tests.Simulator.Api;

public sealed class BasicVerbsTests : IAsyncLifetime
{
    private static readonly KubeKind<KubeObject> ConfigMaps = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<KubeObject>());

    private SimulatedApiServer _server = null!;
    private KubeClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SimulatedApiServer.StartAsync(new(), Cancel);
        _client = new KubeClient(_server.Connection);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_created_object_is_read_back_with_what_the_server_adds()
    {
        await _client.CreateAsync(ConfigMaps, ConfigMap("settings", "a", "1"), WriteOptions.Default, Cancel);

        var read = await _client.GetAsync(ConfigMaps, new("default", "settings"), Cancel);

        Assert.Equal("1", (string?)read.Json["data"]!["a"]);
        Assert.NotEmpty(read.Metadata.Uid);
        Assert.NotNull(read.Metadata.CreationTimestamp);
    }

    [Fact]
    public async Task A_missing_object_is_refused_in_the_servers_words()
    {
        var refused = await Assert.ThrowsAsync<KubeException>(() => _client.GetAsync(ConfigMaps, new("default", "none"), Cancel));

        Assert.Equal("configmaps \"none\" not found", refused.Status.Message);
        Assert.True(refused.IsNotFound);
    }

    [Fact]
    public async Task A_watch_from_a_list_delivers_each_later_change_once()
    {
        var list = await _client.ListAsync(ConfigMaps, new() { Namespace = "default" }, Cancel);
        await _client.CreateAsync(ConfigMaps, ConfigMap("settings", "a", "1"), WriteOptions.Default, Cancel);
        await _client.PatchAsync(ConfigMaps, new("default", "settings"), Patch.Merge("""{"data":{"a":"2"}}"""), WriteOptions.Default, Cancel);
        await _client.DeleteAsync(ConfigMaps, new("default", "settings"), DeleteOptions.Default, Cancel);

        var events = new List<string>();
        await foreach (var seen in _client.WatchAsync(ConfigMaps, new() { Namespace = "default" }, list.ResourceVersion, TimeSpan.FromMinutes(1), Cancel))
        {
            events.Add($"{seen.Type} {(string?)seen.Object.Json["data"]?["a"]}");
            if (seen.Type == WatchEventType.Deleted) break;
        }

        Assert.Equal(["Added 1", "Modified 2", "Deleted 2"], events);
    }

    [Fact]
    public async Task An_update_with_an_old_resource_version_conflicts()
    {
        var seen = await _client.CreateAsync(ConfigMaps, ConfigMap("settings", "a", "1"), WriteOptions.Default, Cancel);
        await _client.PatchAsync(ConfigMaps, new("default", "settings"), Patch.Merge("""{"data":{"a":"2"}}"""), WriteOptions.Default, Cancel);

        var refused = await Assert.ThrowsAsync<KubeException>(() => _client.UpdateAsync(ConfigMaps, seen, WriteOptions.Default, Cancel));

        Assert.True(refused.IsConflict);
    }

    [Fact]
    public async Task Pages_show_the_moment_the_list_began()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" }) await _client.CreateAsync(ConfigMaps, ConfigMap(name, "k", name), WriteOptions.Default, Cancel);

        var first = await _client.ListAsync(ConfigMaps, new() { Namespace = "default", Limit = 2 }, Cancel);
        await _client.DeleteAsync(ConfigMaps, new("default", "d"), DeleteOptions.Default, Cancel);
        var second = await _client.ListAsync(ConfigMaps, new() { Namespace = "default", Limit = 9, Continue = first.Continue }, Cancel);

        Assert.Equal(["a", "b"], first.Items.Select(item => item.Name));
        Assert.Equal(["c", "d", "e"], second.Items.Select(item => item.Name));
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        Assert.Null(second.Continue);
    }

    [Fact]
    public async Task Discovery_follows_the_release()
    {
        await using var current = await SimulatedApiServer.StartAsync(new() { ServerVersion = "v1.33.1" }, Cancel);
        using var client = new KubeClient(current.Connection);

        var (old, recent) = (await _client.DiscoverAsync(Cancel), await client.DiscoverAsync(Cancel));

        Assert.True(old.Serves("policy/v1beta1", "PodSecurityPolicy"));
        Assert.False(recent.Serves("policy/v1beta1", "PodSecurityPolicy"));
        Assert.True(recent.Serves("storage.k8s.io/v1", "CSIStorageCapacity"));
        Assert.False(old.Serves("storage.k8s.io/v1", "CSIStorageCapacity"));
        Assert.True(recent.Version.IsAtLeast(1, 33));
    }

    [Fact]
    public async Task A_node_is_applied_and_its_status_patched()
    {
        var node = new KubeObject(JsonNode.Parse("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"edge-1","labels":{"a":"b"}}}""")!.AsObject());
        await _client.ApplyAsync(Node.Kind, node, WriteOptions.Default, Cancel);
        await _client.PatchAsync(Node.Kind, new(null, "edge-1"), Patch.Merge("""{"status":{"capacity":{"cpu":"4"}}}"""), WriteOptions.Default, Cancel, "status");

        var read = await _client.GetAsync(Node.Kind, new(null, "edge-1"), Cancel);

        Assert.Equal("b", read.Metadata.Labels["a"]);
    }

    private static KubeObject ConfigMap(string name, string key, string value) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["data"] = new JsonObject { [key] = value },
    });
}
