using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>Server-side apply: each manager owns the fields it names, and takes away what it no longer names.</summary>
public abstract class ApplyContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var first = await ApplyAsync(ns, "alice", """{"a":"1"}""");
        var second = await ApplyAsync(ns, "alice", """{"a":"1"}""");
        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_goes()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await ApplyAsync(ns, "alice", """{"a":"1","b":"2"}""");
        var applied = await ApplyAsync(ns, "alice", """{"a":"1"}""");
        Assert.Equal("""{"a":"1"}""", applied.Json["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_field_stays_as_long_as_another_manager_applies_it()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await ApplyAsync(ns, "alice", """{"a":"1","b":"2"}""");
        await ApplyAsync(ns, "bob", """{"b":"2"}""");
        var applied = await ApplyAsync(ns, "alice", """{"a":"1"}""");
        Assert.Equal("2", (string?)applied.Json["data"]!["b"]);
    }

    [Fact]
    public async Task A_field_another_manager_applied_with_another_value_is_a_conflict_that_names_both()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await ApplyAsync(ns, "alice", """{"a":"1"}""");
        var refusal = await Assert.ThrowsAsync<ApplyConflictException>(() => ApplyAsync(ns, "bob", """{"a":"2"}"""));
        Assert.Equal((409, "Conflict"), (refusal.Status.Code, refusal.Status.Reason));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"alice\": .data.a", refusal.Status.Message);
        var cause = Assert.Single(refusal.Status.Details!.Causes);
        Assert.Equal(("FieldManagerConflict", ".data.a", "conflict with \"alice\""), (cause.Reason, cause.Field, cause.Message));
    }

    [Fact]
    public async Task A_forced_apply_takes_the_field_over()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await ApplyAsync(ns, "alice", """{"a":"1"}""");
        await ApplyAsync(ns, "bob", """{"a":"2"}""", force: true);
        var refusal = await Assert.ThrowsAsync<ApplyConflictException>(() => ApplyAsync(ns, "alice", """{"a":"3"}"""));
        Assert.Contains("\"bob\"", refusal.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_was_patched_by_hand_belongs_to_who_patched_it()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await ApplyAsync(ns, "alice", """{"a":"1"}""");
        await Admin.PatchAsync(ConfigMaps.Kind, new(ns, "shared"), Patch.Merge("""{"data":{"a":"9"}}"""), new() { FieldManager = "by-hand" }, Cancel);
        var refusal = await Assert.ThrowsAsync<ApplyConflictException>(() => ApplyAsync(ns, "alice", """{"a":"1"}"""));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"by-hand\" using v1: .data.a", refusal.Status.Message);
    }

    [Fact]
    public async Task A_dry_run_shows_the_result_and_changes_nothing()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var first = await ApplyAsync(ns, "alice", """{"a":"1"}""");
        var shown = await ApplyAsync(ns, "alice", """{"a":"2"}""", dryRun: true);
        var found = await Admin.GetAsync(ConfigMaps.Kind, new(ns, "shared"), Cancel);
        Assert.Equal("2", (string?)shown.Json["data"]!["a"]);
        Assert.Equal(first.Metadata.ResourceVersion, found.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Containers_merge_by_name_and_a_container_that_is_no_longer_applied_goes_whole()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await Admin.ApplyAsync(Deployments, Deployment(ns, "first", "second"), new() { FieldManager = "alice" }, Cancel);
        await Admin.ApplyAsync(Deployments, Deployment(ns, "third"), new() { FieldManager = "bob" }, Cancel);
        var applied = await Admin.ApplyAsync(Deployments, Deployment(ns, "first"), new() { FieldManager = "alice" }, Cancel);
        var names = applied.Json["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(container => (string?)container!["name"]);
        Assert.Equal(["first", "third"], names.Order());
    }

    private static readonly KubeKind<KubeObject> Deployments = new("apps", "v1", "deployments", "Deployment", true, KubeJson.Of<KubeObject>());

    private static KubeObject Deployment(string ns, params string[] containers) => new(new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = "shared" },
        ["spec"] = new JsonObject
        {
            ["replicas"] = 0,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shared" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shared" } },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray([.. containers.Select(name => new JsonObject { ["name"] = name, ["image"] = "example.test/" + name + ":1" })]),
                },
            },
        },
    });

    private Task<KubeObject> ApplyAsync(string ns, string manager, string data, bool force = false, bool dryRun = false)
    {
        var document = new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = "shared" },
            ["data"] = JsonNode.Parse(data),
        });
        return Admin.ApplyAsync(ConfigMaps.Kind, document, new() { FieldManager = manager, Force = force, DryRun = dryRun }, Cancel);
    }
}

public sealed class SimulatedApplyContract(SimulatedTestCluster cluster) : ApplyContract(cluster);

public sealed class RealApplyContract(RealTestCluster cluster) : ApplyContract(cluster);
