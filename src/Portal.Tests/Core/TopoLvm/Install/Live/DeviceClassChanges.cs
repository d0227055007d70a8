using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Lvmd.Change;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>Changes to lvmd.yaml against an API server, on nodes that live.</summary>
public abstract class DeviceClassChanges(TestCluster cluster) : ClusterTest(cluster)
{
    private InstallSite _site = null!;

    private static RolloutTiming Quick => new() { Settle = TimeSpan.FromSeconds(1) };

    private LvmdGroup Group => Assert.Single(StorageState.From(_site.Context.Cluster.Current).LvmdGroups);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await InstallSite.StartAsync(Cluster, Cancel);
        await _site.RunAsync(new InstallOperation(new()), Cancel);
        await _site.UntilAsync(snapshot => StorageState.From(snapshot).LvmdGroups is [{ Yaml: not null } group] && group.Nodes.Any(node => node.IsReady) && group.Nodes.All(node => node.IsServing == node.IsReady), Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.RunAsync(new RemovalOperation(new() { DeleteData = true }), CancellationToken.None);
        await _site.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_saved_file_reaches_lvmd_on_every_node_that_is_online()
    {
        var (before, spec) = (Group, LvmdChangeSpec.For(Group, Edited(Group, 5)));

        await RunAsync(spec);

        var after = await SettledAsync(spec.After);
        Assert.Equal(5, after.Config.DeviceClasses[0].SpareGb);
        Assert.All(after.Nodes.Where(node => node.IsReady), node => Assert.NotEqual(before.Node(node.Name)!.Lvmd!.Metadata.Uid, node.Lvmd!.Metadata.Uid));
        Assert.Equal("RollingUpdate", after.DaemonSet.Spec.UpdateStrategy.Type);
        Assert.DoesNotContain("topolvm-portal/rollout-before", after.DaemonSet.Metadata.Annotations.Keys);
        // What is installed is still what an install would make.
        var facts = await FactGathering.GatherAsync(Admin, new(), TimeProvider.System, Cancel);
        Assert.All(await InstallPreview.MakeAsync(Admin, InstallPlan.For(new(), facts), facts, Cancel), preview => Assert.True(preview.State is PreviewState.Unchanged or PreviewState.Kept, $"{preview.Name}: {preview.State}\n{preview.Before}\n{preview.After}"));
    }

    [Fact]
    public async Task A_file_with_which_lvmd_does_not_come_up_is_taken_back_before_a_second_node_is_touched()
    {
        var before = Group;
        var document = new LvmdDocument(before.Yaml!).AddClass(new() { Name = "fast", VolumeGroup = "not-there", SpareGb = 0 })!;
        var spec = LvmdChangeSpec.For(before, document.Text);

        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(spec));

        var after = await SettledAsync(before.Yaml!);
        Assert.Contains("the old one was put back and lvmd runs again", failure.Problem.English, StringComparison.Ordinal);
        var replaced = after.Nodes.Where(node => node.IsReady && node.Lvmd!.Metadata.Uid != before.Node(node.Name)!.Lvmd!.Metadata.Uid).ToArray();
        Assert.Single(replaced);
        Assert.Equal(before.DaemonSet.Spec.Template.Metadata.Annotations.OrderBy(one => one.Key), after.DaemonSet.Spec.Template.Metadata.Annotations.OrderBy(one => one.Key));
        Assert.Equal("RollingUpdate", after.DaemonSet.Spec.UpdateStrategy.Type);
    }

    [Fact]
    public async Task A_change_that_dies_before_any_of_its_writes_converges_when_it_is_run_again()
    {
        var spec = LvmdChangeSpec.For(Group, Edited(Group, 3));
        var deaths = 0;

        // Each run does one write more than the last, and dies before the next.
        while (!await _site.RunAsync(Operation(spec), deaths == 0 ? 1 : 2, Cancel)) deaths++;

        Assert.True(deaths >= 4, $"a change of {deaths} writes");
        await SettledAsync(spec.After);
        var written = _site.Journal.Count;
        // And once more: nothing is left to do.
        await RunAsync(spec);
        Assert.Equal(written, _site.Journal.Count);
    }

    [Fact]
    public async Task An_edit_by_somebody_else_is_not_overwritten()
    {
        var spec = LvmdChangeSpec.For(Group, Edited(Group, 7));
        var theirs = Group.Yaml + "# noted by hand\n";
        var patch = Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["lvmd.yaml"] = theirs } }.ToJsonString());
        await Admin.PatchAsync(ConfigMap.Kind, Group.ConfigMapObject, patch, new WriteOptions { FieldManager = "kubectl-edit" }, Cancel);

        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(spec));

        Assert.Contains("Nothing was overwritten", failure.Problem.English, StringComparison.Ordinal);
        Assert.Equal(theirs, (await Admin.GetAsync(ConfigMap.Kind, Group.ConfigMapObject, Cancel)).Data["lvmd.yaml"]);
    }

    private static string Edited(LvmdGroup group, int spareGb) => new LvmdDocument("# kept\n" + group.Yaml!).SetInClass(0, "spare-gb", spareGb)!.Text;

    private static DeviceClassOperation Operation(LvmdChangeSpec spec) => new(LvmdChangeSpec.FromJson(spec.ToJson())) { Timing = Quick };

    private Task RunAsync(LvmdChangeSpec spec) => _site.RunAsync(Operation(spec), Cancel);

    private async Task<LvmdGroup> SettledAsync(string yaml)
    {
        await _site.UntilAsync(snapshot => StorageState.From(snapshot).LvmdGroups is [var group] && group.Yaml == yaml
            && group.DaemonSet.Spec.UpdateStrategy.Type == "RollingUpdate" && group.Nodes.All(node => node.IsServing == node.IsReady), Cancel);
        return Group;
    }
}

public sealed class RealDeviceClassChanges(RealTestCluster cluster) : DeviceClassChanges(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedDeviceClassChanges(SimulatedTestCluster cluster) : DeviceClassChanges(cluster), IClassFixture<SimulatedTestCluster>;
