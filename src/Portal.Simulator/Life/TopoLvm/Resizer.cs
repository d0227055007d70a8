using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Grows volumes to what their claims ask for: topolvm-controller with csi-resizer, then the kubelet for the file system.</summary>
public sealed class Resizer(LifeContext context) : Controller("external-resizer", context)
{
    private readonly ObjectIndex<bool> _growing = new(claim => !claim.Metadata.IsBeingDeleted && claim.Json.Text("status", "phase") == "Bound" && AsksForMore(claim) ? [true] : []);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        var controllers = RunningController.All(Objects).ToDictionary(controller => controller.Names.Provisioner);
        foreach (var claim in _growing.Of(Objects.Claims, true))
        {
            if (Objects.PersistentVolumes.GetValueOrDefault(new(null, claim.Json.Text("spec", "volumeName"))) is not { } volume) continue;
            if (controllers.GetValueOrDefault(volume.Json.Text("spec", "csi", "driver")) is { } controller)
                await AttemptAsync("claim " + claim.Metadata.Uid, () => GrowAsync(controller, claim, volume, cancel));
        }
    }

    private async Task GrowAsync(RunningController controller, KubeObject claim, KubeObject volume, CancellationToken cancel)
    {
        var asked = Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage"));
        if (!IsExpandable(claim)) return;
        var bytes = Sizes.Rounded(asked, controller.Version, volume.Json.Text("spec", "csi", "fsType"));
        if (Sizes.BytesOf(volume.Json.Text("spec", "capacity", "storage")) >= asked)
        {
            await GrowFileSystemAsync(claim, volume, cancel);
            return;
        }
        if (!HasCondition(claim, "FileSystemResizePending") && !HasCondition(claim, "Resizing"))
        {
            await SetConditionAsync(claim, "Resizing", null, cancel);
            await Events.NormalAsync(LifeKinds.Claims, claim, "Resizing", $"External resizer is resizing volume {volume.Name}", cancel);
        }
        if (Objects.LogicalVolumes(controller.Names.Group).GetValueOrDefault(volume.Metadata.ObjectName) is not { } logical) return;
        if (Sizes.BytesOf(logical.Json.Text("spec", "size")) < bytes) await AskAsync(controller, claim, logical, bytes, cancel);
        else if (Sizes.BytesOf(logical.Json.Text("status", "currentSize")) < bytes) await WaitAsync(controller, claim, logical, cancel);
        else await FinishAsync(claim, volume, bytes, cancel);
    }

    /// <summary>The volume has grown; the rest is the kubelet's.</summary>
    private async Task FinishAsync(KubeObject claim, KubeObject volume, long bytes, CancellationToken cancel)
    {
        var capacity = new JsonObject { ["spec"] = new JsonObject { ["capacity"] = new JsonObject { ["storage"] = Sizes.Text(bytes) } } };
        await Client.PatchAsync(LifeKinds.PersistentVolumes, volume.Metadata.ObjectName, Patch.Merge(capacity.ToJsonString()), Writes, cancel);
        await SetConditionAsync(claim, "FileSystemResizePending", "Waiting for user to (re-)start a pod to finish file system resize of volume on node.", cancel);
        await Events.NormalAsync(LifeKinds.Claims, claim, "FileSystemResizeRequired", "Require file system resize of volume on node", cancel);
    }

    /// <summary>topolvm-node has not grown the volume yet. When it cannot, newer controllers tell its reason, older ones wait until csi-resizer gives up.</summary>
    private async Task WaitAsync(RunningController controller, KubeObject claim, KubeObject logical, CancellationToken cancel)
    {
        var code = logical.Json.Number(0, "status", "code");
        if (code == 0) return;
        await FailAsync(controller, claim, logical, controller.Version < TopoLvmVersion.Renamed
            ? "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
            : $"rpc error: code = {GrpcCode.NameOf(code)} desc = {logical.Json.Text("status", "message")}", cancel);
    }

    private async Task FailAsync(RunningController controller, KubeObject claim, KubeObject logical, string problem, CancellationToken cancel)
    {
        Retries.Failed("claim " + claim.Metadata.Uid);
        var message = $"resize volume \"{logical.Name}\" by resizer \"{controller.Names.Provisioner}\" failed: {problem}";
        await Events.WarningAsync(LifeKinds.Claims, claim, "VolumeResizeFailed", message, cancel);
    }

    private async Task AskAsync(RunningController controller, KubeObject claim, KubeObject logical, long bytes, CancellationToken cancel)
    {
        var more = bytes - Sizes.BytesOf(logical.Json.Text("status", "currentSize"));
        var className = logical.Json.Text("spec", "deviceClass") is { Length: > 0 } named ? named : Core.TopoLvm.TopoLvmNames.DefaultClass;
        var node = Objects.Nodes.GetValueOrDefault(new(null, logical.Json.Text("spec", "nodeName")));
        var free = node?.Metadata.Annotations.GetValueOrDefault(controller.Names.CapacityAnnotationPrefix + className);
        if (!long.TryParse(free, out var available) || more > available)
        {
            await FailAsync(controller, claim, logical, "rpc error: code = Internal desc = not enough space", cancel);
            return;
        }
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [controller.Names.Group + "/resize-requested-at"] = Now.Timestamp() } },
            ["spec"] = new JsonObject { ["size"] = Sizes.Text(bytes) },
        };
        await Client.PatchAsync(LifeKinds.LogicalVolumes(controller.Names.Group), logical.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel);
    }

    /// <summary>The kubelet's part: it happens while a pod that uses the claim runs on a node that is online.</summary>
    private async Task GrowFileSystemAsync(KubeObject claim, KubeObject volume, CancellationToken cancel)
    {
        var user = Objects.PodsWith(claim.Metadata.ObjectName).FirstOrDefault(PodRules.IsReady);
        if (user is null || Context.FindNode(user.Json.Text("spec", "nodeName")) is not { State.Current.IsOnline: true }) return;
        if (!Delays.IsOver("file system " + claim.Metadata.Uid, Context.Pace.Storage)) return;
        var status = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = volume.Json.Text("spec", "capacity", "storage") },
            ["conditions"] = new JsonArray(),
        };
        await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
        var message = $"MountVolume.NodeExpandVolume succeeded for volume \"{volume.Name}\"";
        await Events.NormalAsync(LifeKinds.Pods, user, "FileSystemResizeSuccessful", message, cancel);
        await Events.NormalAsync(LifeKinds.Claims, claim, "FileSystemResizeSuccessful", message, cancel);
    }

    private static bool AsksForMore(KubeObject claim) =>
        Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage")) > Sizes.BytesOf(claim.Json.Text("status", "capacity", "storage"));

    private bool IsExpandable(KubeObject claim) =>
        Objects.StorageClasses.GetValueOrDefault(new(null, claim.Json.Text("spec", "storageClassName")))?.Json.Flag("allowVolumeExpansion") == true;

    private static bool HasCondition(KubeObject claim, string type) => claim.Json.Objects("status", "conditions").Any(condition => condition.Text("type") == type);

    private async Task SetConditionAsync(KubeObject claim, string type, string? message, CancellationToken cancel)
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = Now.Timestamp() };
        if (message is not null) condition["message"] = message;
        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } };
        await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel, "status");
    }
}
