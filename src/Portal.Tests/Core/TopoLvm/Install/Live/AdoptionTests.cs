using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>What stands is taken over and what people wrote stays; what cannot be done is said before anything is written.</summary>
public sealed class AdoptionTests(RealTestCluster cluster) : InstallSiteTest(cluster), IClassFixture<RealTestCluster>
{
    private static readonly string[] Content = ["spec", "data", "rules", "webhooks", "parameters", "roleRef", "subjects", "provisioner", "reclaimPolicy"];

    private static KubeKind<KubeObject> ConfigMap => new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<KubeObject>());

    [Fact]
    public async Task An_install_by_edgeadm_is_taken_over_with_every_edit_and_removed_without_a_trace()
    {
        var before = await ClusterContents.OfAsync(Admin, Cancel);
        await EdgeadmInstall.CreateAsync(Admin, Cancel);
        await EditAsync("topolvm-lvmd", """{"data":{"lvmd.yaml":"socket-name: /run/topolvm/lvmd.sock\ndevice-classes:\n- name: hdd\n  volume-group: myvg1\n  default: true\n"}}""");
        await Admin.PatchAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-lvmd"),
            Patch.Merge("""{"spec":{"template":{"spec":{"tolerations":[{"key":"edge","operator":"Exists"}]}}}}"""), new() { FieldManager = "kubectl-edit" }, Cancel);
        var binding = (await FactsAsync()).Api.Find("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")!;
        await Admin.DeleteAsync(binding, new(null, "topolvm-csi-resizer-role"), DeleteOptions.Default, Cancel);
        var standing = await FactsAsync();

        var check = Preflight.Check(InstallPlan.For(new(), standing), standing, []).Single(check => check.Id == "another-install");
        Assert.Equal(PreflightTexts.InstallByEdgeadm("topolvm-system"), check.Text);
        await Site.RunAsync(new InstallOperation(new()), Cancel);

        var adopted = await FactsAsync();
        Assert.Equal(standing.Live.Count + 1, adopted.Live.Count);
        Assert.All(standing.Live, found => Assert.True(SameContent(found.Value, adopted.Live[found.Key]), $"{found.Key} was changed"));
        Assert.NotNull(adopted.Find(new("rbac.authorization.k8s.io", "ClusterRoleBinding", new(null, "topolvm-csi-resizer-role"))));
        Assert.True(Installation.Find(Site.Context.Cluster.Current) is { IsReady: true });

        await Site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));
    }

    [Fact]
    public async Task What_people_change_in_the_portals_own_install_survives_the_next_one()
    {
        await Site.RunAsync(new InstallOperation(new()), Cancel);
        await EditAsync("topolvm-scheduler-options", """{"data":{"scheduler-options.yaml":"listen: \"localhost:9251\"\ndefault-divisor: 10\n"}}""");
        await Admin.PatchAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-node"),
            Patch.Json("""[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"harbor.site/topolvm:0.10.0"}]"""), new() { FieldManager = "kubectl-edit" }, Cancel);

        await Site.RunAsync(new InstallOperation(new()), Cancel);

        var facts = await FactsAsync();
        var node = facts.Find(new("apps", "DaemonSet", new("topolvm-system", "topolvm-node")))!;
        Assert.Equal("harbor.site/topolvm:0.10.0", (string?)node.Json["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
        var options = facts.Find(new("", "ConfigMap", new("topolvm-system", "topolvm-scheduler-options")))!;
        Assert.Contains("default-divisor: 10", (string?)options.Json["data"]!["scheduler-options.yaml"], StringComparison.Ordinal);
        await Site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);
    }

    [Fact]
    public async Task A_namespace_with_other_peoples_objects_stays_and_loses_only_TopoLVMs()
    {
        await Site.RunAsync(new InstallOperation(new()), Cancel);
        var foreign = new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "notes", ["namespace"] = "topolvm-system" },
        });
        await Admin.CreateAsync(ConfigMap, foreign, WriteOptions.Default, Cancel);

        await Site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);

        Assert.NotNull(await Admin.FindAsync(ConfigMap, new("topolvm-system", "notes"), Cancel));
        var ns = await Admin.GetAsync(Namespace.Kind, new(null, "topolvm-system"), Cancel);
        Assert.DoesNotContain("topolvm.cybozu.com/webhook", ns.Metadata.Labels.Keys);
        await Admin.DeleteAsync(ConfigMap, new("topolvm-system", "notes"), DeleteOptions.Default, Cancel);
        await Site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);
        Assert.Null(await Admin.FindAsync(Namespace.Kind, new(null, "topolvm-system"), Cancel));
    }

    [Fact]
    public async Task A_person_without_the_permissions_is_told_which_and_nothing_is_written()
    {
        await RoleGrant.GiveAsync(Admin, "reader", RoleGrant.Reading, Cancel);
        var reader = Admin.As(new Impersonation("reader"));
        var before = await ClusterContents.OfAsync(Admin, Cancel);
        var step = (await new InstallOperation(new()).PlanAsync(new(reader, Site.Context.Cluster, TimeProvider.System), Cancel))[0];

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() =>
            step.RunAsync(new StepRun(new(reader, Site.Context.Cluster, TimeProvider.System), new UserCluster(reader, (_, _) => Task.CompletedTask), _ => { }), Cancel));

        Assert.Contains("permissions are missing", refused.Problem.English, StringComparison.Ordinal);
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));
    }

    [Fact]
    public async Task A_profile_with_broken_yaml_says_where_and_nothing_is_written()
    {
        var broken = new InstallSpec { CustomName = "mine", CustomManifests = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n" };

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => Site.RunAsync(new InstallOperation(broken), Cancel));

        Assert.Contains("Line 4", refused.Problem.English, StringComparison.Ordinal);
        Assert.Empty(Site.Journal);
    }

    [Fact]
    public async Task A_definition_of_a_later_version_stops_the_install_before_it_begins()
    {
        var facts = await FactsAsync();
        var later = InstallPlan.For(new() { ProfileId = "upstream-0.41.0-legacy" }, facts).Objects.Single(planned => planned.Stage == InstallStage.Definition);
        await Admin.CreateAsync(later.Kind, later.Document, WriteOptions.Default, Cancel);

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => Site.RunAsync(new InstallOperation(new()), Cancel));

        Assert.Contains("comes from a later TopoLVM", refused.Problem.English, StringComparison.Ordinal);
        Assert.Empty(Site.Journal);
        await Admin.DeleteAsync(later.Kind, new(null, later.Document.Name), DeleteOptions.Default, Cancel);
        await Site.UntilAsync(snapshot => snapshot.CustomResourceDefinitions.Items.IsEmpty, Cancel);
    }

    private Task<ClusterFacts> FactsAsync() => FactGathering.GatherAsync(Admin, new(), TimeProvider.System, Cancel);

    private Task EditAsync(string configMap, string patch) =>
        Admin.PatchAsync(ConfigMap, new("topolvm-system", configMap), Patch.Merge(patch), new() { FieldManager = "kubectl-edit" }, Cancel);

    private static bool SameContent(KubeObject before, KubeObject after) => Content.All(part => JsonNode.DeepEquals(before.Json[part], after.Json[part]));
}
