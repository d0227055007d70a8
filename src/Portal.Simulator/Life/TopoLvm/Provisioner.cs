using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Makes LogicalVolumes and PersistentVolumes for claims and takes them away again: topolvm-controller with csi-provisioner.</summary>
public sealed class Provisioner(LifeContext context) : Controller("csi-provisioner", context)
{
    private readonly ObjectIndex<string> _wanted = new(claim => ProvisionerOf(claim) is { } provisioner ? [provisioner] : []);
    private readonly ObjectIndex<string> _released = new(volume => RemoverOf(volume) is { } provisioner ? [provisioner] : []);

    // A call that has begun is carried to its end whether or not its claim is still there: what it made would have no owner.
    private readonly Dictionary<string, KubeObject> _begun = [];

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var controller in RunningController.All(Objects).ToArray())
        {
            foreach (var claim in _wanted.Of(Objects.Claims, controller.Names.Provisioner).Where(IsWanted))
                await AttemptAsync("claim " + claim.Metadata.Uid, () => ProvideAsync(controller, claim, cancel));
            foreach (var claim in _begun.Values.Where(begun => ProvisionerOf(begun) == controller.Names.Provisioner && IsGoing(begun)).ToArray())
                await AttemptAsync("claim " + claim.Metadata.Uid, () => EndAsync(controller, claim, cancel));
            foreach (var volume in _released.Of(Objects.PersistentVolumes, controller.Names.Provisioner))
                await AttemptAsync("volume " + volume.Metadata.Uid, () => RemoveAsync(controller, volume, cancel));
        }
    }

    private bool IsWanted(KubeObject claim) => ClassOf(claim) is not null && !Objects.PersistentVolumes.ContainsKey(new(null, VolumeDocuments.NameFor(claim)));

    private bool IsGoing(KubeObject claim) =>
        Objects.Claims.GetValueOrDefault(claim.Metadata.ObjectName) is not { Metadata.IsBeingDeleted: false } now || now.Metadata.Uid != claim.Metadata.Uid;

    /// <summary>Who is asked to provide the volume of a claim that has none.</summary>
    private static string? ProvisionerOf(KubeObject claim) => claim.Metadata.IsBeingDeleted || claim.Json.Text("spec", "volumeName").Length > 0 ? null
        : claim.Metadata.Annotations.GetValueOrDefault("volume.beta.kubernetes.io/storage-provisioner");

    /// <summary>Who has to remove a volume that is released and not to be kept.</summary>
    private static string? RemoverOf(KubeObject volume) =>
        volume.Json.Text("status", "phase") == "Released" && !volume.Metadata.IsBeingDeleted && volume.Json.Text("spec", "persistentVolumeReclaimPolicy") == "Delete"
            ? volume.Metadata.Annotations.GetValueOrDefault("pv.kubernetes.io/provisioned-by") : null;

    private async Task ProvideAsync(RunningController controller, KubeObject claim, CancellationToken cancel)
    {
        var storageClass = ClassOf(claim)!;
        if (NodeFor(controller, claim) is not { } node)
        {
            await FailAsync(claim, $"failed to provision volume with StorageClass \"{storageClass.Name}\": error generating accessibility requirements: no topology key found on CSINode {SelectedNode(claim)}", cancel);
            return;
        }
        var asked = Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage"));
        var bytes = Sizes.Rounded(asked, controller.Version, storageClass.Json.Text("parameters", "csi.storage.k8s.io/fstype"));
        var volume = Objects.LogicalVolumes(controller.Names.Group).GetValueOrDefault(new(null, VolumeDocuments.NameFor(claim)));
        if (volume is null)
        {
            await BeginAsync(controller, claim, storageClass, (node, bytes), cancel);
            return;
        }
        await FollowAsync(controller, claim, storageClass, volume, cancel);
    }

    /// <summary>The end of a call whose claim goes: the volume is handed over, and removed as released, or it failed and goes.</summary>
    private async Task EndAsync(RunningController controller, KubeObject claim, CancellationToken cancel)
    {
        var kind = LifeKinds.LogicalVolumes(controller.Names.Group);
        var name = VolumeDocuments.NameFor(claim);
        if (ClassOf(claim) is { } storageClass && !Objects.PersistentVolumes.ContainsKey(new(null, name)) && await Client.FindAsync(kind, new(null, name), cancel) is { } volume)
            await FollowAsync(controller, claim, storageClass, volume, cancel);
        else _begun.Remove(claim.Metadata.Uid);
    }

    private async Task FollowAsync(RunningController controller, KubeObject claim, KubeObject storageClass, KubeObject volume, CancellationToken cancel)
    {
        if (volume.Metadata.IsBeingDeleted) return;
        if (volume.Json.Text("status", "volumeID") is { Length: > 0 } handle)
        {
            await Client.CreateAsync(LifeKinds.PersistentVolumes, VolumeDocuments.PersistentVolume(controller.Names, claim, storageClass, volume, handle), Writes, cancel);
            await Events.NormalAsync(LifeKinds.Claims, claim, "ProvisioningSucceeded", $"Successfully provisioned volume {volume.Name}", cancel);
            _begun.Remove(claim.Metadata.Uid);
            return;
        }
        if (volume.Json.Number(0, "status", "code") is > 0 and var code) await GiveUpAsync(controller, claim, storageClass, volume, code, cancel);
    }

    private async Task BeginAsync(RunningController controller, KubeObject claim, KubeObject storageClass, (string Node, long Bytes) place, CancellationToken cancel)
    {
        var source = VolumeSource.Of(claim, Objects, controller.Names.Group);
        if (source?.Problem is { } missing)
        {
            await FailAsync(claim, $"failed to provision volume with StorageClass \"{storageClass.Name}\": {missing}", cancel);
            return;
        }
        // What no scheduler has placed is made where its source is.
        if (source is not null && SelectedNode(claim).Length == 0) place.Node = source.Volume!.Json.Text("spec", "nodeName");
        if (source?.WhyNot(storageClass.Json.Text("parameters", controller.Names.DeviceClassParameter), place.Node, place.Bytes) is { } unfit)
        {
            await RefuseAsync(claim, storageClass, unfit, cancel);
            return;
        }
        await Events.NormalAsync(LifeKinds.Claims, claim, "Provisioning", $"External provisioner is provisioning volume for claim \"{claim.Metadata.ObjectName}\"", cancel);
        var made = VolumeDocuments.LogicalVolume(controller.Names, claim, storageClass, place.Node, place.Bytes);
        if (source is not null) (made.Json["spec"]!["source"], made.Json["spec"]!["accessType"]) = (source.Volume!.Name, "rw");
        _begun[claim.Metadata.Uid] = claim;
        await Client.CreateAsync(LifeKinds.LogicalVolumes(controller.Names.Group), made, Writes, cancel);
    }

    /// <summary>The failed LogicalVolume goes, and the scheduler may choose another node.</summary>
    private async Task GiveUpAsync(RunningController controller, KubeObject claim, KubeObject storageClass, KubeObject volume, int code, CancellationToken cancel)
    {
        await Client.DeleteAsync(LifeKinds.LogicalVolumes(controller.Names.Group), volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
        _begun.Remove(claim.Metadata.Uid);
        await RefuseAsync(claim, storageClass, new(code, volume.Json.Text("status", "message")), cancel);
    }

    private async Task RefuseAsync(KubeObject claim, KubeObject storageClass, LvmdAnswer problem, CancellationToken cancel)
    {
        if (problem.Code == GrpcCode.ResourceExhausted && SelectedNode(claim).Length > 0)
        {
            var patch = Patch.Merge("""{"metadata":{"annotations":{"volume.kubernetes.io/selected-node":null}}}""");
            await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, patch, Writes, cancel);
        }
        await FailAsync(claim, $"failed to provision volume with StorageClass \"{storageClass.Name}\": rpc error: code = {GrpcCode.NameOf(problem.Code)} desc = {problem.Message}", cancel);
    }

    private async Task FailAsync(KubeObject claim, string message, CancellationToken cancel)
    {
        Retries.Failed("claim " + claim.Metadata.Uid);
        await Events.WarningAsync(LifeKinds.Claims, claim, "ProvisioningFailed", message, cancel);
    }

    /// <summary>The node that the scheduler chose, or for a class that does not wait for one the first with the driver; null when the driver is
    /// not registered there.</summary>
    private string? NodeFor(RunningController controller, KubeObject claim)
    {
        var able = Objects.CsiNodes.Values.Where(node => node.Json.Objects("spec", "drivers").Any(driver => driver.Text("name") == controller.Names.Provisioner))
            .Select(node => node.Name).Order(StringComparer.Ordinal);
        return SelectedNode(claim) is { Length: > 0 } chosen ? able.FirstOrDefault(node => node == chosen) : able.FirstOrDefault();
    }

    private static string SelectedNode(KubeObject claim) => claim.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node", "");

    private KubeObject? ClassOf(KubeObject claim) => Objects.StorageClasses.GetValueOrDefault(new(null, claim.Json.Text("spec", "storageClassName")));

    private async Task RemoveAsync(RunningController controller, KubeObject volume, CancellationToken cancel)
    {
        var kind = LifeKinds.LogicalVolumes(controller.Names.Group);
        if (Objects.LogicalVolumes(controller.Names.Group).TryGetValue(volume.Metadata.ObjectName, out var logical))
        {
            if (!logical.Metadata.IsBeingDeleted) await Client.DeleteAsync(kind, logical.Metadata.ObjectName, new DeleteOptions { Uid = logical.Metadata.Uid }, cancel);
            return;
        }
        await Client.DeleteAsync(LifeKinds.PersistentVolumes, volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
    }
}
