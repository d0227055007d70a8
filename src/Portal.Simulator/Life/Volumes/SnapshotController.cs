using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Volumes;

/// <summary>snapshot-controller: it makes a VolumeSnapshotContent for each VolumeSnapshot, while a pod of its name is ready.</summary>
public sealed class SnapshotController(LifeContext context) : Controller("snapshot-controller", context)
{
    private const string Protection = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
    private const string DefaultMark = "snapshot.storage.kubernetes.io/is-default-class";

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        if (Objects.Snapshots.IsEmpty || !IsRunning()) return;
        foreach (var snapshot in Objects.Snapshots.Values)
            await AttemptAsync("snapshot " + snapshot.Metadata.Uid, () => ReconcileAsync(snapshot, cancel));
    }

    private bool IsRunning() => Objects.Pods.Values.Any(pod => PodRules.IsReady(pod)
        && pod.Json.Objects("spec", "containers").Any(container => container.Text("image").Split('/')[^1].StartsWith("snapshot-controller", StringComparison.Ordinal)));

    private async Task ReconcileAsync(KubeObject snapshot, CancellationToken cancel)
    {
        var content = Objects.SnapshotContents.GetValueOrDefault(new(null, SnapshotNames.Content(snapshot.Metadata.Uid)));
        if (snapshot.Metadata.IsBeingDeleted)
        {
            await EndAsync(snapshot, content, cancel);
            return;
        }
        if (content is null)
        {
            await BeginAsync(snapshot, cancel);
            return;
        }
        await MirrorAsync(snapshot, content, cancel);
    }

    private async Task BeginAsync(KubeObject snapshot, CancellationToken cancel)
    {
        var claimName = snapshot.Json.Text("spec", "source", "persistentVolumeClaimName");
        var claim = Objects.Claims.GetValueOrDefault(new(snapshot.Namespace, claimName));
        var volume = claim is null ? null : Objects.PersistentVolumes.GetValueOrDefault(new(null, claim.Json.Text("spec", "volumeName")));
        var driver = volume?.Json.Text("spec", "csi", "driver") ?? "";
        var problem = claim is null ? $"failed to get input parameters to create snapshot {snapshot.Name}: \"failed to retrieve PVC {claimName} from the lister: \\\"persistentvolumeclaim \\\\\\\"{claimName}\\\\\\\" not found\\\"\""
            : volume is null ? $"failed to get input parameters to create snapshot {snapshot.Name}: \"the PVC {claimName} is not yet bound to a PV, will not attempt to take a snapshot\"" : null;
        var named = snapshot.Json.Text("spec", "volumeSnapshotClassName");
        var snapshotClass = named.Length > 0 ? Objects.SnapshotClasses.GetValueOrDefault(new(null, named))
            : Objects.SnapshotClasses.Values.FirstOrDefault(one => one.Metadata.Annotations.GetValueOrDefault(DefaultMark) == "true" && one.Json.Text("driver") == driver);
        problem ??= snapshotClass is null ? named.Length > 0 ? $"failed to get input parameters to create snapshot {snapshot.Name}: \"volumesnapshotclass.snapshot.storage.k8s.io \\\"{named}\\\" not found\"" : "cannot find default snapshot class"
            : snapshotClass.Json.Text("driver") != driver ? $"VolumeSnapshotClass driver {snapshotClass.Json.Text("driver")} does not match the driver {driver} of the volume" : null;
        if (problem is not null)
        {
            await FailAsync(snapshot, problem, cancel);
            return;
        }
        await Client.CreateAsync(LifeKinds.SnapshotContents, ContentFor(snapshot, snapshotClass!, volume!), Writes, cancel);
        await Events.NormalAsync(LifeKinds.Snapshots, snapshot, "CreatingSnapshot", $"Waiting for a snapshot {snapshot.Metadata.ObjectName} to be created by the CSI driver.", cancel);
    }

    private async Task FailAsync(KubeObject snapshot, string problem, CancellationToken cancel)
    {
        var message = "Failed to create snapshot content with error " + problem;
        Retries.Failed("snapshot " + snapshot.Metadata.Uid);
        await Events.WarningAsync(LifeKinds.Snapshots, snapshot, "SnapshotContentCreationFailed", message, cancel);
        if (snapshot.Json.Text("status", "error", "message") == message) return;
        await WriteAsync(snapshot, new JsonObject { ["readyToUse"] = false, ["error"] = new JsonObject { ["message"] = message, ["time"] = Now.Timestamp() } }, cancel);
    }

    private async Task MirrorAsync(KubeObject snapshot, KubeObject content, CancellationToken cancel)
    {
        if (!snapshot.Metadata.Finalizers.Contains(Protection)) await HoldAsync(snapshot, [.. snapshot.Metadata.Finalizers, Protection], cancel);
        var isReady = content.Json.Flag("status", "readyToUse");
        var status = new JsonObject { ["boundVolumeSnapshotContentName"] = content.Name, ["readyToUse"] = isReady };
        if (isReady)
        {
            status["restoreSize"] = Sizes.Text(long.Parse(content.Json.Text("status", "restoreSize"), System.Globalization.CultureInfo.InvariantCulture));
            status["creationTime"] = snapshot.Json.Text("status", "creationTime") is { Length: > 0 } made ? made : Now.Timestamp();
        }
        if (content.Json["status"].At("error") is { } error) status["error"] = error.DeepClone();
        if (status.IsContainedIn(snapshot.Json["status"]) && (status["error"] is not null || snapshot.Json["status"].At("error") is null)) return;
        if (status["error"] is null) status["error"] = null;
        await WriteAsync(snapshot, status, cancel);
        if (!isReady) return;
        await Events.NormalAsync(LifeKinds.Snapshots, snapshot, "SnapshotCreated", $"Snapshot {snapshot.Metadata.ObjectName} was successfully created by the CSI driver.", cancel);
        await Events.NormalAsync(LifeKinds.Snapshots, snapshot, "SnapshotReady", $"Snapshot {snapshot.Metadata.ObjectName} is ready to use.", cancel);
    }

    private async Task EndAsync(KubeObject snapshot, KubeObject? content, CancellationToken cancel)
    {
        if (content is not null && content.Json.Text("spec", "deletionPolicy") == "Delete")
        {
            if (!content.Metadata.IsBeingDeleted) await Client.DeleteAsync(LifeKinds.SnapshotContents, content.Metadata.ObjectName, new DeleteOptions { Uid = content.Metadata.Uid }, cancel);
            return;
        }
        if (snapshot.Metadata.Finalizers.Contains(Protection)) await HoldAsync(snapshot, [.. snapshot.Metadata.Finalizers.Remove(Protection)], cancel);
    }

    private static KubeObject ContentFor(KubeObject snapshot, KubeObject snapshotClass, KubeObject volume) => new(new JsonObject
    {
        ["apiVersion"] = LifeKinds.SnapshotContents.ApiVersion,
        ["kind"] = LifeKinds.SnapshotContents.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = SnapshotNames.Content(snapshot.Metadata.Uid),
            ["finalizers"] = new JsonArray(Snapshotter.Protection),
        },
        ["spec"] = new JsonObject
        {
            ["deletionPolicy"] = snapshotClass.Json.Text("deletionPolicy"),
            ["driver"] = snapshotClass.Json.Text("driver"),
            ["source"] = new JsonObject { ["volumeHandle"] = volume.Json.Text("spec", "csi", "volumeHandle") },
            ["volumeSnapshotClassName"] = snapshotClass.Name,
            ["volumeSnapshotRef"] = new JsonObject
            {
                ["apiVersion"] = LifeKinds.Snapshots.ApiVersion,
                ["kind"] = "VolumeSnapshot",
                ["namespace"] = snapshot.Namespace,
                ["name"] = snapshot.Name,
                ["uid"] = snapshot.Metadata.Uid,
            },
        },
    });

    private Task<KubeObject> WriteAsync(KubeObject snapshot, JsonObject status, CancellationToken cancel) => Client.PatchAsync(LifeKinds.Snapshots, snapshot.Metadata.ObjectName,
        Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");

    private Task<KubeObject> HoldAsync(KubeObject snapshot, JsonArray finalizers, CancellationToken cancel) => Client.PatchAsync(LifeKinds.Snapshots, snapshot.Metadata.ObjectName,
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = snapshot.Metadata.ResourceVersion, ["finalizers"] = finalizers } }.ToJsonString()), Writes, cancel);
}
