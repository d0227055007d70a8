using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Tests.Simulator.Life;

public sealed class ExpansionTests : LifeTest
{
    private static readonly ObjectName Data = new("default", "data");

    [Fact]
    public async Task Without_a_pod_the_file_system_waits_and_grows_with_the_next_one()
    {
        await BoundAsync();
        await Client.DeleteAsync(Pod.Kind, new("default", "app"), DeleteOptions.Default, Cancel);
        await Eventually(async () => Assert.Null(await Client.FindAsync(Pod.Kind, new("default", "app"), Cancel)));

        await GrowAsync("8Gi");
        await Eventually(async () => Assert.Equal("FileSystemResizePending", Assert.Single((await ClaimAsync("data")).Status.Conditions).Type));
        Assert.Equal("5Gi", (await ClaimAsync("data")).Status.Capacity["storage"]);
        var events = await EventsAboutAsync("data");
        Assert.Contains(events, text => text.StartsWith("Resizing: External resizer is resizing volume pvc-", StringComparison.Ordinal));
        Assert.Contains("FileSystemResizeRequired: Require file system resize of volume on node", events);

        await CreatePodWithAsync("data");
        await Eventually(async () =>
        {
            var claim = await ClaimAsync("data");
            Assert.Equal(("8Gi", 0), (claim.Status.Capacity["storage"], claim.Status.Conditions.Length));
            Assert.Contains(await EventsAboutAsync("data"), text => text.StartsWith("FileSystemResizeSuccessful:", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task More_than_the_node_has_is_refused_and_the_claim_goes_on_asking_for_it()
    {
        await BoundAsync();

        await GrowAsync("9Ti");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("data"), text => text.StartsWith("VolumeResizeFailed:", StringComparison.Ordinal) && text.EndsWith("rpc error: code = Internal desc = not enough space", StringComparison.Ordinal)));
        var claim = await ClaimAsync("data");
        Assert.Equal(("9Ti", "5Gi", "Resizing"), (claim.Spec.Resources.Requests["storage"], claim.Status.Capacity["storage"], claim.Status.Conditions.Single().Type));
        Assert.Equal("5Gi", (await VolumeAsync()).Spec.Size);
    }

    [Fact]
    public async Task What_lvm_refuses_stays_in_the_logical_volume_until_it_succeeds()
    {
        var node = await BoundAsync();
        Cluster.Node(node).Change(state => state with { LvmFailure = "exit status 5: Insufficient suitable allocatable extents" });

        await GrowAsync("8Gi");
        await Eventually(async () =>
        {
            var volume = await VolumeAsync();
            Assert.Equal((13, "exit status 5: Insufficient suitable allocatable extents"), (volume.Status.Code, volume.Status.Message));
            Assert.Contains(await EventsAboutAsync("data"), text => text.EndsWith("rpc error: code = DeadlineExceeded desc = context deadline exceeded", StringComparison.Ordinal));
        });

        Cluster.Node(node).Change(state => state with { LvmFailure = null });
        await Eventually(async () => Assert.Equal("8Gi", (await ClaimAsync("data")).Status.Capacity["storage"]));
        Assert.Equal(0, (await VolumeAsync()).Status.Code);
    }

    [Fact]
    public async Task A_claim_cannot_shrink_and_grows_only_when_it_is_bound_and_its_class_allows_it()
    {
        await BoundAsync();
        Assert.Equal("PersistentVolumeClaim \"data\" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than previous value", await RefusedAsync("4Gi"));

        await PatchAsync(StorageClass.Kind, new(null, "topolvm-provisioner"), """{ "allowVolumeExpansion": false }""");
        Assert.EndsWith("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize", await RefusedAsync("8Gi"));

        await CreateClaimAsync("waiting", "5Gi");
        var waiting = await Assert.ThrowsAsync<KubeException>(() => PatchAsync(PersistentVolumeClaim.Kind, new("default", "waiting"), """{ "spec": { "resources": { "requests": { "storage": "6Gi" } } } }"""));
        Assert.Equal("persistentvolumeclaims \"waiting\" is forbidden: Only bound persistent volume claims can be expanded", waiting.Status.Message);
    }

    [Theory]
    [InlineData("0.10.0", "xfs", 0, 1L << 30)]
    [InlineData("0.10.0", "xfs", 1, 1L << 30)]
    [InlineData("0.10.0", "xfs", (5L << 30) + 1, 6L << 30)]
    [InlineData("0.41.0", "ext4", 0, 1L << 30)]
    [InlineData("0.41.0", "", 1, 8L << 20)]
    [InlineData("0.41.0", "ext4", 1, 32L << 20)]
    [InlineData("0.41.0", "xfs", 1, 300L << 20)]
    [InlineData("0.41.0", "btrfs", 1, 200L << 20)]
    [InlineData("0.41.0", "xfs", (5L << 30) + 1, (5L << 30) + 4096)]
    public void Sizes_are_rounded_as_the_version_rounds_them(string version, string fileSystem, long asked, long made) =>
        Assert.Equal(made, Sizes.Rounded(asked, Version.Parse(version), fileSystem));

    private async Task<string> BoundAsync()
    {
        await RunTopoLvmAsync();
        return await RunAppAsync();
    }

    private Task GrowAsync(string size) => PatchAsync(PersistentVolumeClaim.Kind, Data, $$"""{ "spec": { "resources": { "requests": { "storage": "{{size}}" } } } }""");

    private async Task<string> RefusedAsync(string size) => (await Assert.ThrowsAsync<KubeException>(() => GrowAsync(size))).Status.Message;

    private async Task<LogicalVolume> VolumeAsync() => Assert.Single((await Client.ListAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), ListQuery.All, Cancel)).Items);
}
