using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Makes LogicalVolumes and PersistentVolumes for claims and takes them away again: topolvm-controller with csi-provisioner.</summary>
public sealed class Provisioner(LifeContext context) : Controller("csi-provisioner", context)
{
    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var controller in RunningController.All(Objects).ToArray())
        {
            foreach (var claim in Objects.Claims.Values.Where(claim => IsWanted(controller, claim)))
                await AttemptAsync("claim " + claim.Metadata.Uid, () => ProvideAsync(controller, claim, cancel));
            foreach (var volume in Objects.PersistentVolumes.Values.Where(volume => IsToBeRemoved(controller, volume)))
                await AttemptAsync("volume " + volume.Metadata.Uid, () => RemoveAsync(controller, volume, cancel));
        }
    }

    private bool IsWanted(RunningController controller, KubeObject claim)
    {
        if (claim.Metadata.IsBeingDeleted || claim.Json.Text("spec", "volumeName").Length > 0) return false;
        var asked = claim.Metadata.Annotations.GetValueOrDefault("volume.beta.kubernetes.io/storage-provisioner");
        return asked == controller.Names.Provisioner && ClassOf(claim) is not null && !Objects.PersistentVolumes.ContainsKey(new(null, NameFor(claim)));
    }

    private static bool IsToBeRemoved(RunningController controller, KubeObject volume) =>
        volume.Json.Text("status", "phase") == "Released" && !volume.Metadata.IsBeingDeleted
        && volume.Json.Text("spec", "persistentVolumeReclaimPolicy") == "Delete"
        && volume.Metadata.Annotations.GetValueOrDefault("pv.kubernetes.io/provisioned-by") == controller.Names.Provisioner;

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
        var kind = LifeKinds.LogicalVolumes(controller.Names.Group);
        var volume = Objects.LogicalVolumes(controller.Names.Group).GetValueOrDefault(new(null, NameFor(claim)));
        if (volume is null)
        {
            await Events.NormalAsync(LifeKinds.Claims, claim, "Provisioning", $"External provisioner is provisioning volume for claim \"{claim.Metadata.ObjectName}\"", cancel);
            await Client.CreateAsync(kind, LogicalVolumeFor(controller, claim, storageClass, node, bytes), Writes, cancel);
            return;
        }
        if (volume.Metadata.IsBeingDeleted) return;
        if (volume.Json.Text("status", "volumeID") is { Length: > 0 } handle)
        {
            await Client.CreateAsync(LifeKinds.PersistentVolumes, PersistentVolumeFor(controller, claim, storageClass, volume, handle), Writes, cancel);
            await Events.NormalAsync(LifeKinds.Claims, claim, "ProvisioningSucceeded", $"Successfully provisioned volume {volume.Name}", cancel);
            return;
        }
        if (volume.Json.Number(0, "status", "code") is > 0 and var code) await GiveUpAsync(kind, claim, storageClass, volume, code, cancel);
    }

    /// <summary>The failed LogicalVolume goes, and the scheduler may choose another node.</summary>
    private async Task GiveUpAsync(KubeKind kind, KubeObject claim, KubeObject storageClass, KubeObject volume, int code, CancellationToken cancel)
    {
        await Client.DeleteAsync(kind, volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
        if (code == GrpcCode.ResourceExhausted && SelectedNode(claim).Length > 0)
        {
            var patch = Patch.Merge("""{"metadata":{"annotations":{"volume.kubernetes.io/selected-node":null}}}""");
            await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, patch, Writes, cancel);
        }
        await FailAsync(claim, $"failed to provision volume with StorageClass \"{storageClass.Name}\": rpc error: code = {GrpcCode.NameOf(code)} desc = {volume.Json.Text("status", "message")}", cancel);
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

    private static string NameFor(KubeObject claim) => "pvc-" + claim.Metadata.Uid;

    private static KubeObject LogicalVolumeFor(RunningController controller, KubeObject claim, KubeObject storageClass, string node, long bytes)
    {
        var spec = new JsonObject { ["name"] = NameFor(claim), ["nodeName"] = node, ["size"] = Sizes.Text(bytes) };
        if (storageClass.Json.Text("parameters", controller.Names.DeviceClassParameter) is { Length: > 0 } deviceClass) spec["deviceClass"] = deviceClass;
        return new KubeObject(new JsonObject
        {
            ["apiVersion"] = controller.Names.Group + "/v1",
            ["kind"] = "LogicalVolume",
            ["metadata"] = new JsonObject { ["name"] = NameFor(claim) },
            ["spec"] = spec,
        });
    }

    private static KubeObject PersistentVolumeFor(RunningController controller, KubeObject claim, KubeObject storageClass, KubeObject volume, string handle) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolume",
        ["metadata"] = new JsonObject
        {
            ["name"] = volume.Name,
            ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = controller.Names.Provisioner },
            ["finalizers"] = new JsonArray("kubernetes.io/pv-protection"),
        },
        ["spec"] = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = volume.Json.Text("spec", "size") },
            ["accessModes"] = claim.Json["spec"].At("accessModes")?.DeepClone(),
            ["persistentVolumeReclaimPolicy"] = storageClass.Json.Text("reclaimPolicy") is { Length: > 0 } policy ? policy : "Delete",
            ["storageClassName"] = storageClass.Name,
            ["volumeMode"] = claim.Json.Text("spec", "volumeMode") is { Length: > 0 } mode ? mode : "Filesystem",
            ["claimRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Metadata.Uid },
            ["csi"] = new JsonObject
            {
                ["driver"] = controller.Names.Provisioner,
                ["volumeHandle"] = handle,
                ["fsType"] = storageClass.Json.Text("parameters", "csi.storage.k8s.io/fstype"),
            },
            ["nodeAffinity"] = OnlyOn(controller.Names.TopologyLabel, volume.Json.Text("spec", "nodeName")),
        },
    });

    private static JsonObject OnlyOn(string label, string node)
    {
        var expression = new JsonObject { ["key"] = label, ["operator"] = "In", ["values"] = new JsonArray(node) };
        var term = new JsonObject { ["matchExpressions"] = new JsonArray(expression) };
        return new JsonObject { ["required"] = new JsonObject { ["nodeSelectorTerms"] = new JsonArray(term) } };
    }

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
