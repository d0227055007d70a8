using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class PreflightTests
{
    private static readonly InstallSpec SuperEdge = new();
    private static readonly InstallSpec Upstream = new() { ProfileId = "upstream-0.41.0" };

    [Fact]
    public void A_plain_superedge_cluster_may_be_installed_on()
    {
        var checks = Preflight.Check(InstallPlan.For(SuperEdge, GivenCluster.Of(20)), GivenCluster.Of(20), []);

        Assert.DoesNotContain(checks, check => check.State == CheckState.Blocker);
        Assert.Equal(checks.Length, checks.Select(check => check.Id).Distinct().Count());
        Assert.Equal(["scheduling"], checks.Where(check => check.State == CheckState.Warning).Select(check => check.Id));
    }

    [Fact]
    public void Whatever_is_not_in_order_comes_with_a_way_out()
    {
        var facts = GivenCluster.Of(34, false, GivenCluster.Node("edge-1", ("superedge.io/local.pv", "topolvm"))) with
        {
            StorageClasses = [new StorageClass { Metadata = new() { Name = "local", Annotations = ImmutableDictionary<string, string>.Empty.Add("storageclass.kubernetes.io/is-default-class", "true") } }],
        };
        var spec = Upstream with { StorageClass = new() { IsDefault = true }, KubeletDirectory = "/var/lib/k0s/kubelet" };

        var checks = Preflight.Check(InstallPlan.For(spec, facts), facts, [new AccessRight("create", "", "secrets", "topolvm-system")]);

        Assert.All(checks.Where(check => check.State != CheckState.Ok), check => Assert.NotNull(check.Remedy));
        Assert.Equal(["control-plane", "permissions", "replicas"], Ids(checks, CheckState.Blocker));
        Assert.Equal(["default-class", "kubelet-directory", "nodes", "scheduling", "snapshots"], Ids(checks, CheckState.Warning));
    }

    [Theory]
    [InlineData(20, "superedge-0.10.0", CheckState.Ok)]
    [InlineData(27, "superedge-0.10.0", CheckState.Warning)]
    [InlineData(18, "superedge-0.10.0", CheckState.Warning)]
    [InlineData(33, "upstream-0.41.0", CheckState.Ok)]
    [InlineData(20, "upstream-0.41.0", CheckState.Warning)]
    public void A_version_outside_the_profiles_range_is_a_warning(int minor, string profile, CheckState expected) =>
        Assert.Equal(expected, Check("kubernetes-version", SuperEdge with { ProfileId = profile }, GivenCluster.Of(minor)).State);

    [Fact]
    public void Capacity_tracking_where_it_is_not_served_blocks() =>
        Assert.Equal(CheckState.Blocker, Check("scheduling", SuperEdge with { Scheduling = SchedulingMode.CapacityTracking }, GivenCluster.Of(20)).State);

    [Theory]
    [InlineData("topolvm-system", "0.10.0", "Helm", "InstallByHelm", CheckState.Warning)]
    [InlineData("topolvm-system", "0.10.0", null, "InstallByEdgeadm", CheckState.Warning)]
    [InlineData("topolvm-system", "0.36.0", null, "InstallOtherVersion", CheckState.Blocker)]
    [InlineData("storage", "0.10.0", null, "InstallElsewhere", CheckState.Blocker)]
    public void A_standing_install_is_recognised(string ns, string version, string? managedBy, string text, CheckState state)
    {
        var facts = GivenCluster.Of(20) with { Workloads = [Controller(ns, version, managedBy)] };

        var check = Check("another-install", SuperEdge, facts);

        Assert.Equal((text, state), (check.Text.Key, check.State));
    }

    [Fact]
    public void A_standing_install_of_the_other_group_can_stay_beside()
    {
        var facts = GivenCluster.Of(34) with { Workloads = [Controller("storage", "0.10.0", null)] };

        Assert.Equal("InstallOtherGroup", Check("another-install", Upstream, facts).Text.Key);
        Assert.Same(TopoLvmNames.Legacy, FoundInstall.In(facts).Single().Names);
    }

    [Fact]
    public void A_storage_class_of_another_driver_keeps_its_name()
    {
        var planned = InstallPlan.For(SuperEdge, GivenCluster.Of(20)).Objects.Single(wanted => wanted.Document.Kind == "StorageClass");
        var taken = new KubeObject(new JsonObject { ["kind"] = "StorageClass", ["metadata"] = new JsonObject { ["name"] = "topolvm-provisioner" }, ["provisioner"] = "other.io" });
        var facts = GivenCluster.Of(20) with { Live = GivenCluster.Of(20).Live.Add(planned.Name, taken) };

        Assert.Equal((CheckState.Blocker, "StorageClassTakenRemedy"), (Check("names", SuperEdge, facts).State, Check("names", SuperEdge, facts).Remedy!.Key));
    }

    [Fact]
    public void A_namespace_that_is_going_blocks()
    {
        var going = new KubeObject(JsonNode.Parse("""{"kind":"Namespace","metadata":{"name":"topolvm-system","deletionTimestamp":"2026-01-01T00:00:00Z"}}""")!.AsObject());
        var facts = GivenCluster.Of(20) with { Live = GivenCluster.Of(20).Live.Add(new LiveName("", "Namespace", new(null, "topolvm-system")), going) };

        Assert.Equal(CheckState.Blocker, Check("namespace", SuperEdge, facts).State);
    }

    private static PreflightCheck Check(string id, InstallSpec spec, ClusterFacts facts) => Preflight.Check(InstallPlan.For(spec, facts), facts, []).Single(check => check.Id == id);

    private static IEnumerable<string> Ids(IEnumerable<PreflightCheck> checks, CheckState state) =>
        checks.Where(check => check.State == state).Select(check => check.Id).Order(StringComparer.Ordinal);

    private static KubeObject Controller(string ns, string version, string? managedBy)
    {
        var labels = new JsonObject { ["app.kubernetes.io/name"] = "topolvm" };
        if (managedBy is not null) labels["app.kubernetes.io/managed-by"] = managedBy;
        return new(new JsonObject
        {
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = "topolvm-controller", ["namespace"] = ns, ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "topolvm-controller",
                            ["image"] = "superedge.tencentcloudcr.com/superedge/topolvm-with-sidecar:" + version,
                            ["env"] = version == "0.36.0" ? new JsonArray(new JsonObject { ["name"] = "USE_LEGACY", ["value"] = "true" }) : null,
                        }),
                    },
                },
            },
        });
    }
}
