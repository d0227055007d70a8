using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Volumes;

/// <summary>What the volume operations write, against an API server where no controller of TopoLVM acts.</summary>
public abstract class VolumeOperationsContract(TestCluster cluster) : ClusterTest(cluster)
{
    private VolumeSite _site = null!;
    private string _namespace = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await VolumeSite.StartAsync(Admin, Cancel);
        _namespace = await Cluster.NewNamespaceAsync(Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_expansion_asks_for_the_size_once_however_often_it_is_run()
    {
        var wish = WishFor(await _site.CreateVolumeAsync(_namespace, "data", "10Gi", Cancel), "12Gi");

        Assert.Null(await _site.RunAsync(new ResizeVolumesOperation([wish]), Cancel, "ask"));
        Assert.Null(await _site.RunAsync(ResizeVolumesOperation.FromJson(new ResizeVolumesOperation([wish]).ToJson()), Cancel, "ask"));

        Assert.Equal("12Gi", await RequestAsync("data"));
    }

    [Fact]
    public async Task A_size_that_somebody_else_asks_for_in_between_stays_and_is_named()
    {
        var wish = WishFor(await _site.CreateVolumeAsync(_namespace, "data", "10Gi", Cancel), "12Gi");
        _site.BeforeWrite = write => write == 1 ? EditAsync("data", """{"spec":{"resources":{"requests":{"storage":"30Gi"}}}}""") : Task.CompletedTask;

        var failure = await _site.RunAsync(new ResizeVolumesOperation([wish]), Cancel, "ask");

        Assert.Equal(VolumeOperationTexts.AskedMeanwhile(wish.ObjectName, "30Gi", "10Gi"), failure!.Problem);
        Assert.Equal("30Gi", await RequestAsync("data"));
    }

    [Fact]
    public async Task Other_edits_in_between_stay_beside_the_new_size()
    {
        var wish = WishFor(await _site.CreateVolumeAsync(_namespace, "data", "10Gi", Cancel), "12Gi");
        _site.BeforeWrite = _ => EditAsync("data", """{"metadata":{"labels":{"owner":"somebody"}}}""");

        Assert.Null(await _site.RunAsync(new ResizeVolumesOperation([wish]), Cancel, "ask"));

        Assert.Equal("12Gi", await RequestAsync("data"));
        Assert.Equal("somebody", (await Admin.GetAsync(PersistentVolumeClaim.Kind, new(_namespace, "data"), Cancel)).Metadata.Labels["owner"]);
    }

    [Fact]
    public async Task Shrinking_and_a_claim_that_is_not_there_are_refused_before_anything_is_written()
    {
        var claim = await _site.CreateVolumeAsync(_namespace, "data", "10Gi", Cancel);
        _site.BeforeWrite = write => throw new InvalidOperationException("write " + write);

        Assert.Equal("NoResizeShrink", (await _site.RunAsync(new ResizeVolumesOperation([WishFor(claim, "9Gi")]), Cancel))!.Problem.Key);
        Assert.Equal("ClaimGone", (await _site.RunAsync(new ResizeVolumesOperation([WishFor(claim, "12Gi") with { Name = "other" }]), Cancel))!.Problem.Key);
    }

    [Fact]
    public async Task A_claim_is_created_once_and_one_of_somebody_else_is_left_alone()
    {
        var spec = new VolumeSpec { Namespace = _namespace, Name = "fresh", StorageClass = "site", Size = "1Gi" };
        var document = spec.ToDocument();
        await Admin.CreateAsync(VolumeSite.Claims, document, WriteOptions.Default, Cancel);
        await _site.UntilAsync(cluster => cluster.Claims.Items.ContainsKey(spec.ObjectName), Cancel);

        Assert.Null(await _site.RunAsync(CreateVolumeOperation.FromJson(new CreateVolumeOperation(spec).ToJson()), Cancel, "create"));
        Assert.Equal("NameTaken", (await _site.RunAsync(new CreateVolumeOperation(spec with { Mark = "other" }), Cancel, "create"))!.Problem.Key);
    }

    [Fact]
    public async Task A_claim_of_the_same_name_that_came_later_is_not_deleted()
    {
        var claim = await _site.CreateVolumeAsync(_namespace, "data", "10Gi", Cancel);
        var doomed = new DoomedVolume(_namespace, "data", "uid-of-an-earlier-one", "", false);

        Assert.Null(await _site.RunAsync(new DeleteVolumesOperation([doomed]), Cancel, "delete"));
        Assert.False((await Admin.GetAsync(PersistentVolumeClaim.Kind, doomed.ObjectName, Cancel)).Metadata.IsBeingDeleted);

        Assert.Null(await _site.RunAsync(new DeleteVolumesOperation([doomed with { Uid = claim.Metadata.Uid }]), Cancel, "delete"));
        await Eventually.PassesAsync(async () => Assert.Null(await Admin.FindAsync(PersistentVolumeClaim.Kind, doomed.ObjectName, Cancel)), Cancel);
    }

    [Fact]
    public async Task A_logical_volume_that_is_claimed_between_the_choice_and_the_deletion_is_left_alone()
    {
        var name = _namespace + "-alone";
        var left = LeftOverOf(await _site.CreateLogicalVolumeAsync(name, "1Gi", Cancel));
        await _site.CreatePersistentVolumeAsync(_namespace + "-by-hand", name, "1Gi", null, Cancel);

        Assert.Null(await _site.RunAsync(new DeleteOrphansOperation([left]), Cancel));
        Assert.NotNull(await Admin.FindAsync(VolumeSite.LogicalVolumes, new(null, name), Cancel));
    }

    [Fact]
    public async Task A_logical_volume_that_changes_while_it_is_looked_at_is_looked_at_again()
    {
        var name = _namespace + "-alone";
        var left = LeftOverOf(await _site.CreateLogicalVolumeAsync(name, "1Gi", Cancel));
        var writes = 0;
        _site.BeforeWrite = async write =>
        {
            writes = write;
            if (write == 1) await Admin.PatchAsync(VolumeSite.LogicalVolumes, new(null, name), Patch.Merge("""{"metadata":{"labels":{"seen":"yes"}}}"""), WriteOptions.Default, Cancel);
        };

        Assert.Null(await _site.RunAsync(new DeleteOrphansOperation([left]), Cancel));
        Assert.Null(await Admin.FindAsync(VolumeSite.LogicalVolumes, new(null, name), Cancel));
        Assert.Equal(2, writes);
    }

    [Fact]
    public async Task An_operation_that_dies_before_any_of_its_writes_ends_the_same_when_it_is_run_again()
    {
        var wishes = new[] { WishFor(await _site.CreateVolumeAsync(_namespace, "one", "10Gi", Cancel), "12Gi"), WishFor(await _site.CreateVolumeAsync(_namespace, "two", "10Gi", Cancel), "13Gi") };
        var alone = new[] { LeftOverOf(await _site.CreateLogicalVolumeAsync(_namespace + "-a", "1Gi", Cancel)), LeftOverOf(await _site.CreateLogicalVolumeAsync(_namespace + "-b", "1Gi", Cancel)) };
        foreach (var (json, again, steps) in new (string, Func<string, Operation>, string)[]
        {
            (new ResizeVolumesOperation([.. wishes]).ToJson(), ResizeVolumesOperation.FromJson, "ask"),
            (new DeleteOrphansOperation([.. alone]).ToJson(), DeleteOrphansOperation.FromJson, ""),
        })
        {
            _site.BeforeWrite = _ => throw new DeathException();
            Assert.False(await IsOverAsync(again(json), steps));
            // Then the first write of each try goes out, and the second does not.
            _site.BeforeWrite = write => write > 1 ? throw new DeathException() : Task.CompletedTask;
            Assert.False(await IsOverAsync(again(json), steps));
            Assert.True(await IsOverAsync(again(json), steps));
        }

        Assert.Equal("12Gi 13Gi", $"{await RequestAsync("one")} {await RequestAsync("two")}");
        foreach (var left in alone) Assert.Null(await Admin.FindAsync(VolumeSite.LogicalVolumes, new(null, left.LogicalVolume!), Cancel));
    }

    private async Task<bool> IsOverAsync(Operation operation, string steps)
    {
        try
        {
            Assert.Null(await _site.RunAsync(operation, Cancel, steps));
            return true;
        }
        catch (DeathException)
        {
            return false;
        }
    }

    private sealed class DeathException : Exception;

    private static ResizeWish WishFor(PersistentVolumeClaim claim, string to) =>
        new(claim.Metadata.Namespace!, claim.Metadata.Name, claim.Metadata.Uid, claim.Spec.Resources.Requests["storage"], to);

    private static LeftOver LeftOverOf(LogicalVolume volume) => new(OrphanKind.LogicalVolume, VolumeSite.Group, null, "", volume.Metadata.Name, volume.Metadata.Uid);

    private Task EditAsync(string claim, string patch) => Admin.PatchAsync(PersistentVolumeClaim.Kind, new(_namespace, claim), Patch.Merge(patch), WriteOptions.Default, Cancel);

    private async Task<string> RequestAsync(string claim) => (await Admin.GetAsync(PersistentVolumeClaim.Kind, new(_namespace, claim), Cancel)).Spec.Resources.Requests["storage"];
}

public sealed class RealVolumeOperations(RealTestCluster cluster) : VolumeOperationsContract(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedVolumeOperations(SimulatedTestCluster cluster) : VolumeOperationsContract(cluster), IClassFixture<SimulatedTestCluster>;
