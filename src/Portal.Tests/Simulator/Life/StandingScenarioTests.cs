using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator;

namespace Portal.Tests.Simulator.Life;

public sealed class StorageScenarioTests : LifeTest
{
    private static readonly KubeKind<LogicalVolume> LogicalVolumes = LogicalVolume.KindIn(TopoLvmNames.Legacy.Group);

    protected override Scenario Scenario => Scenario.Storage;

    [Fact]
    public async Task Every_state_of_a_volume_is_there()
    {
        await Eventually(async () => Assert.All(await PodsAsync("telemetry", ""), pod => Assert.True(IsReady(pod))));
        var claims = (await Client.ListAsync(PersistentVolumeClaim.Kind, ListQuery.All, Cancel)).Items;
        var persistent = (await Client.ListAsync(PersistentVolume.Kind, ListQuery.All, Cancel)).Items;
        var logical = (await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items;

        Assert.InRange(claims.Length + persistent.Count(volume => volume.Status.Phase == "Released") + 1, 22, 30);
        Assert.Equal(3, claims.Count(claim => claim.Status.Phase == "Pending"));
        Assert.Equal("FileSystemResizePending", (await ClaimAsync("spool", "telemetry")).Status.Conditions.Single().Type);
        Assert.Equal(8, Assert.Single(logical, volume => volume.Status.Code != 0).Status.Code);
        Assert.Single(logical, volume => persistent.All(one => one.Metadata.Name != volume.Metadata.Name));
        Assert.Single(persistent, volume => logical.All(one => one.Metadata.Name != volume.Metadata.Name));
        Assert.Equal(3, persistent.Count(volume => volume.Status.Phase == "Released"));
        Assert.Equal(2, logical.Count(volume => volume.Spec.NodeName == "edge-ningbo-1"));
        await Eventually(async () => Assert.Contains(await EventsAboutAsync("archive", "mes"), text => text.EndsWith("not enough space", StringComparison.Ordinal)));
        Assert.All(await PodsAsync("ningbo", ""), pod => Assert.False(IsReady(pod)));
    }

    [Fact]
    public async Task What_lies_on_the_disks_is_what_the_API_tells()
    {
        var logical = (await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items;

        foreach (var node in Cluster.Nodes)
        {
            var told = logical.Where(volume => volume.Spec.NodeName == node.Name).ToDictionary(volume => volume.Status.VolumeID, volume => Quantity.Parse(volume.Status.CurrentSize).Value);
            Assert.Equal(told.OrderBy(one => one.Key), node.State.Current.Storage.VolumeGroups.Values.SelectMany(group => group.Volumes.Values).ToDictionary(volume => volume.Name, volume => volume.SizeBytes).OrderBy(one => one.Key));
        }
    }

    [Fact]
    public async Task A_volume_that_stands_goes_on_living()
    {
        await Eventually(async () => Assert.True(IsReady((await PodsAsync("mes", "queue-")).Single())));

        await PatchAsync(PersistentVolumeClaim.Kind, new("mes", "queue"), """{ "spec": { "resources": { "requests": { "storage": "9Gi" } } } }""");

        await Eventually(async () => Assert.Equal("9Gi", (await ClaimAsync("queue", "mes")).Status.Capacity["storage"]));
    }
}

public sealed class LargeScenarioTests : LifeTest
{
    protected override Scenario Scenario => Scenario.Large(20, 200);

    [Fact]
    public async Task A_cluster_that_stands_already_leaves_its_behaviours_nothing_to_do()
    {
        await Eventually(async () =>
        {
            var set = (await Client.GetAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-node"), Cancel)).Status;
            Assert.Equal((20, 20), (set.DesiredNumberScheduled, set.NumberReady));
            Assert.All(Cluster.Nodes.Where(node => node.Name != "master-1"), node => Assert.Single(node.State.Current.NodePlugins));
        });

        await CreateClaimAsync("data", "5Gi");
        await CreatePodWithAsync("data");
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));

        // Status of the few workloads, and what the new claim took.
        string[] objects = ["/pods/", "/nodes/", "/persistentvolumeclaims/", "/persistentvolumes/", "/logicalvolumes/", "/csinodes/"];
        var changed = Cluster.Faults.Log.Where(request => request.Method == "PATCH" && objects.Any(kind => request.Path.Contains(kind, StringComparison.Ordinal)))
            .Select(request => request.Path).Distinct().ToArray();
        Assert.True(changed.Length < 12, string.Join('\n', changed));
    }
}
