using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Core.TopoLvm.Scheduling;
using Portal.Tests.Core.TopoLvm.Install.Live;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Scheduling.Live;

/// <summary>Changing topolvm-scheduler's options against an API server, on nodes that live.</summary>
public abstract class SchedulerOptionsChanges(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Home = "topolvm-system";
    private const string Other = "listen: \"localhost:9251\" # by hand\ndefault-divisor: 3\n";

    private static readonly KubeKind<KubeObject> ConfigMaps = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> DaemonSets = new("apps", "v1", "daemonsets", "DaemonSet", true, KubeJson.Of<KubeObject>());

    private static readonly KubeKind<KubeObject> Deployments = new("apps", "v1", "deployments", "Deployment", true, KubeJson.Of<KubeObject>());

    private InstallSite _site = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await InstallSite.StartAsync(Cluster, Cancel);
        await _site.RunAsync(new InstallOperation(new()), Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);
        await _site.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_change_is_written_the_pods_start_anew_and_nothing_else_of_the_objects_changes()
    {
        var before = await MapAsync();
        var after = SchedulerOptionsFile.Parse(TextOf(before)).With(SchedulerOptionsFile.Parse(TextOf(before)).Options with { DefaultDivisor = 2 })!;
        var pods = await PodsAsync();

        await _site.RunAsync(Change(TextOf(before), after), Cancel);

        var map = await MapAsync();
        Assert.Equal(after, TextOf(map));
        Assert.Equal(before.Metadata.Labels, map.Metadata.Labels);
        Assert.Empty((await PodsAsync()).Intersect(pods));
        Assert.Equal(ComponentHealth.Ready, Installation.Find(_site.Context.Cluster.Current)!.Find(ComponentRole.Scheduler)!.Health);
        Assert.Equal(ConfigChecksum.Of(map.Json["data"] as JsonObject), Checksum(await Admin.GetAsync(DaemonSets, new(Home, "topolvm-scheduler"), Cancel)));

        var journal = _site.Journal.Count;
        await _site.RunAsync(Change(TextOf(before), after), Cancel);
        Assert.Equal(journal, _site.Journal.Count);
        await _site.RunAsync(new InstallOperation(new()), Cancel);
        Assert.Equal(after, TextOf(await MapAsync()));
    }

    [Fact]
    public async Task A_Deployment_of_the_extender_is_rolled_as_well()
    {
        var set = await Admin.GetAsync(DaemonSets, new(Home, "topolvm-scheduler"), Cancel);
        await Admin.DeleteAsync(DaemonSet.Kind, new(Home, "topolvm-scheduler"), new DeleteOptions { Propagation = Propagation.Foreground }, Cancel);
        await Eventually.PassesAsync(async () => Assert.Empty(await PodsAsync()), Cancel);
        var spec = new JsonObject { ["replicas"] = 1, ["selector"] = set.Json["spec"]!["selector"]!.DeepClone(), ["template"] = set.Json["spec"]!["template"]!.DeepClone() };
        await Admin.CreateAsync(Deployments, new KubeObject(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["namespace"] = Home, ["name"] = "topolvm-scheduler", ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "topolvm" } },
            ["spec"] = spec,
        }), WriteOptions.Default, Cancel);
        await _site.UntilAsync(cluster => Installation.Find(cluster)?.Find(ComponentRole.Scheduler) is { WorkloadKind: "Deployment", Health: ComponentHealth.Ready }, Cancel);
        var pods = await PodsAsync();

        await _site.RunAsync(Change(TextOf(await MapAsync()), Other), Cancel);

        // The old pod goes once the new one is ready.
        await Eventually.PassesAsync(async () => Assert.Empty((await PodsAsync()).Intersect(pods)), Cancel);
        Assert.Equal(ConfigChecksum.Of((await MapAsync()).Json["data"] as JsonObject), Checksum(await Admin.GetAsync(Deployments, new(Home, "topolvm-scheduler"), Cancel)));
        await Admin.DeleteAsync(Deployments, new(Home, "topolvm-scheduler"), DeleteOptions.Default, Cancel);
    }

    [Fact]
    public async Task What_somebody_else_wrote_meanwhile_is_not_overwritten()
    {
        var seen = TextOf(await MapAsync());
        await EditAsync(Other);

        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => _site.RunAsync(Change(seen, "default-divisor: 9\n"), Cancel));

        Assert.StartsWith("Somebody else has changed topolvm-system/topolvm-scheduler-options", failure.Problem.English, StringComparison.Ordinal);
        Assert.Equal(Other, TextOf(await MapAsync()));
    }

    [Fact]
    public async Task What_somebody_writes_between_the_look_and_the_write_is_not_overwritten()
    {
        var seen = TextOf(await MapAsync());
        var user = new UserCluster(Admin, async (_, _) => await EditAsync(Other));
        var operation = Change(seen, "default-divisor: 9\n");
        var write = (await operation.PlanAsync(_site.Context, Cancel)).Single(step => step.Id == "write");

        await Assert.ThrowsAsync<OperationFailedException>(() => write.RunAsync(new StepRun(_site.Context, user, _ => { }), Cancel));

        Assert.Equal(Other, TextOf(await MapAsync()));
    }

    [Fact]
    public async Task The_check_asks_the_server_and_changes_nothing()
    {
        var before = (await MapAsync(), await Admin.GetAsync(DaemonSets, new(Home, "topolvm-scheduler"), Cancel));
        var steps = await Change(TextOf(before.Item1), Other).PlanAsync(_site.Context, Cancel);

        await steps.Single(step => step.Id == "check").RunAsync(new StepRun(_site.Context, new UserCluster(Admin, (_, _) => throw new InvalidOperationException("a write")), _ => { }), Cancel);

        Assert.Equal(before.Item1.Metadata.ResourceVersion, (await MapAsync()).Metadata.ResourceVersion);
        Assert.Equal(before.Item2.Metadata.Generation, (await Admin.GetAsync(DaemonSets, new(Home, "topolvm-scheduler"), Cancel)).Metadata.Generation);
    }

    [Fact]
    public async Task A_change_that_dies_before_any_of_its_writes_converges_when_it_is_run_again()
    {
        var seen = TextOf(await MapAsync());
        var operation = Change(seen, Other);
        Assert.False(await _site.RunAsync(operation, 1, Cancel));
        Assert.Equal(seen, TextOf(await MapAsync()));
        // The ConfigMap is written, the pods are not told.
        Assert.False(await _site.RunAsync(operation, 2, Cancel));
        Assert.Equal(Other, TextOf(await MapAsync()));

        Assert.True(await _site.RunAsync(operation, 2, Cancel));

        Assert.Equal(Other, TextOf(await MapAsync()));
        Assert.Equal(ConfigChecksum.Of((await MapAsync()).Json["data"] as JsonObject), Checksum(await Admin.GetAsync(DaemonSets, new(Home, "topolvm-scheduler"), Cancel)));
    }

    [Fact]
    public async Task Options_that_cannot_be_used_are_refused_before_anything_is_written()
    {
        var journal = _site.Journal.Count;

        var failure = await Assert.ThrowsAsync<OperationFailedException>(async () => await _site.RunAsync(Change(TextOf(await MapAsync()), "divisors: {ssd: 0}\n"), Cancel));

        Assert.Contains("Line 1, column 17: The divisor of device class ssd is 0", failure.Problem.English, StringComparison.Ordinal);
        Assert.Equal(journal, _site.Journal.Count);
    }

    private static SchedulerOptionsOperation Change(string before, string after)
    {
        // As the journal gives it back.
        return SchedulerOptionsOperation.FromJson(new SchedulerOptionsOperation(new(Home, before, after)).ToJson());
    }

    private Task<KubeObject> MapAsync() => Admin.GetAsync(ConfigMaps, new(Home, SchedulerOptions.ConfigMap), Cancel);

    private Task<KubeObject> EditAsync(string text) => Admin.PatchAsync(ConfigMaps, new(Home, SchedulerOptions.ConfigMap),
        Patch.Merge(new JsonObject { ["data"] = new JsonObject { [SchedulerOptions.FileName] = text } }.ToJsonString()), new() { FieldManager = "kubectl-edit" }, Cancel);

    private async Task<string[]> PodsAsync() =>
        [.. (await Admin.ListAsync(Pod.Kind, new ListQuery { Namespace = Home }, Cancel)).Items.Where(pod => pod.Metadata.Name.StartsWith("topolvm-scheduler-", StringComparison.Ordinal)).Select(pod => pod.Metadata.Uid)];

    private static string TextOf(KubeObject map) => (string)map.Json["data"]![SchedulerOptions.FileName]!;

    private static string? Checksum(KubeObject workload) => (string?)workload.Json["spec"]!["template"]!["metadata"]!["annotations"]?["checksum/config"];
}

public sealed class RealSchedulerOptionsChanges(RealTestCluster cluster) : SchedulerOptionsChanges(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedSchedulerOptionsChanges(SimulatedTestCluster cluster) : SchedulerOptionsChanges(cluster), IClassFixture<SimulatedTestCluster>;
