using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Makes a LogicalVolume for each VolumeSnapshotContent and takes it away again: topolvm-controller with csi-snapshotter.</summary>
public sealed class Snapshotter(LifeContext context) : Controller("csi-snapshotter", context)
{
    internal const string Protection = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        if (Objects.SnapshotContents.IsEmpty) return;
        foreach (var controller in RunningController.All(Objects).Where(controller => controller.TakesSnapshots).ToArray())
        {
            foreach (var content in Objects.SnapshotContents.Values.Where(content => content.Json.Text("spec", "driver") == controller.Names.Provisioner))
                await AttemptAsync("content " + content.Metadata.Uid, () => ReconcileAsync(controller, content, cancel));
        }
    }

    private async Task ReconcileAsync(RunningController controller, KubeObject content, CancellationToken cancel)
    {
        var kind = LifeKinds.LogicalVolumes(controller.Names.Group);
        var name = new ObjectName(null, SnapshotNames.LogicalVolume(content.Json.Text("spec", "volumeSnapshotRef", "uid")));
        var volume = Objects.LogicalVolumes(controller.Names.Group).GetValueOrDefault(name);
        if (content.Metadata.IsBeingDeleted)
        {
            await EndAsync(kind, content, volume, cancel);
            return;
        }
        if (content.Json.Text("status", "snapshotHandle").Length > 0 || volume is { Metadata.IsBeingDeleted: true }) return;
        if (volume is null) await BeginAsync(controller, content, name.Name, cancel);
        else if (volume.Json.Text("status", "volumeID") is { Length: > 0 } handle) await FinishAsync(content, volume, handle, cancel);
        else if (volume.Json.Number(0, "status", "code") is var code and > 0) await GiveUpAsync(kind, content, volume, code, cancel);
    }

    private async Task BeginAsync(RunningController controller, KubeObject content, string name, CancellationToken cancel)
    {
        var handle = content.Json.Text("spec", "source", "volumeHandle");
        var source = Objects.LogicalVolumes(controller.Names.Group).Values.FirstOrDefault(volume => volume.Json.Text("status", "volumeID") == handle);
        if (source is null)
        {
            await FailAsync(content, $"rpc error: code = NotFound desc = source volume {handle} is not found", cancel);
            return;
        }
        var spec = new JsonObject
        {
            ["name"] = name,
            ["nodeName"] = source.Json.Text("spec", "nodeName"),
            ["size"] = source.Json.Text("spec", "size"),
            ["source"] = source.Name,
            ["accessType"] = "ro",
        };
        if (source.Json.Text("spec", "deviceClass") is { Length: > 0 } deviceClass) spec["deviceClass"] = deviceClass;
        await Client.CreateAsync(LifeKinds.LogicalVolumes(controller.Names.Group), new KubeObject(new JsonObject
        {
            ["apiVersion"] = controller.Names.Group + "/v1",
            ["kind"] = "LogicalVolume",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        }), Writes, cancel);
    }

    private Task<KubeObject> FinishAsync(KubeObject content, KubeObject volume, string handle, CancellationToken cancel) => WriteAsync(content, new JsonObject
    {
        ["snapshotHandle"] = handle,
        ["creationTime"] = Now.ToUnixTimeMilliseconds() * 1_000_000,
        ["restoreSize"] = Sizes.BytesOf(volume.Json.Text("spec", "size")),
        ["readyToUse"] = true,
        ["error"] = null,
    }, cancel);

    private async Task GiveUpAsync(KubeKind kind, KubeObject content, KubeObject volume, int code, CancellationToken cancel)
    {
        await Client.DeleteAsync(kind, volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
        await FailAsync(content, $"rpc error: code = {GrpcCode.NameOf(code)} desc = {volume.Json.Text("status", "message")}", cancel);
    }

    private async Task FailAsync(KubeObject content, string problem, CancellationToken cancel)
    {
        Retries.Failed("content " + content.Metadata.Uid);
        var message = $"Failed to check and update snapshot content: failed to take snapshot of the volume {content.Json.Text("spec", "source", "volumeHandle")}: \"{problem}\"";
        await Events.WarningAsync(LifeKinds.SnapshotContents, content, "SnapshotCreationFailed", message, cancel);
        if (content.Json.Text("status", "error", "message") == message) return;
        await WriteAsync(content, new JsonObject { ["readyToUse"] = false, ["error"] = new JsonObject { ["message"] = message, ["time"] = Now.Timestamp() } }, cancel);
    }

    private async Task EndAsync(KubeKind kind, KubeObject content, KubeObject? volume, CancellationToken cancel)
    {
        if (volume is not null && content.Json.Text("spec", "deletionPolicy") == "Delete")
        {
            if (!volume.Metadata.IsBeingDeleted) await Client.DeleteAsync(kind, volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
            return;
        }
        if (!content.Metadata.Finalizers.Contains(Protection)) return;
        var metadata = new JsonObject { ["resourceVersion"] = content.Metadata.ResourceVersion, ["finalizers"] = new JsonArray([.. content.Metadata.Finalizers.Remove(Protection)]) };
        await Client.PatchAsync(LifeKinds.SnapshotContents, content.Metadata.ObjectName, Patch.Merge(new JsonObject { ["metadata"] = metadata }.ToJsonString()), Writes, cancel);
    }

    private Task<KubeObject> WriteAsync(KubeObject content, JsonObject status, CancellationToken cancel) => Client.PatchAsync(LifeKinds.SnapshotContents, content.Metadata.ObjectName,
        Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
}
