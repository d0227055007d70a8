using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Volumes;

/// <summary>Binds claims to volumes and asks provisioners for them: the persistentvolume-controller of kube-controller-manager.</summary>
public sealed class ClaimBinder(LifeContext context) : Controller("persistentvolume-controller", context)
{
    private readonly ObjectIndex<bool> _unbound = new(claim => claim.Json.Text("status", "phase") == "Bound" || claim.Metadata.IsBeingDeleted ? [] : [true]);
    private readonly ObjectIndex<string> _byClaim = new(volume => volume.Json.Text("spec", "claimRef", "uid") is { Length: > 0 } uid ? [uid] : []);
    private readonly ObjectIndex<bool> _new = new(volume => volume.Json.Text("status", "phase").Length == 0 ? [true] : []);
    private readonly ObjectIndex<string> _claims = new(claim => [claim.Metadata.Uid]);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var claim in _unbound.Of(Objects.Claims, true))
            await AttemptAsync("claim " + claim.Metadata.Uid, () => ReconcileClaimAsync(claim, cancel));
        var claims = _claims.Of(Objects.Claims);
        var bound = _byClaim.Of(Objects.PersistentVolumes).Where(group => !claims.ContainsKey(group.Key)).SelectMany(group => group.Value);
        foreach (var volume in bound.Concat(_new.Of(Objects.PersistentVolumes, true)).ToArray())
            await AttemptAsync("volume " + volume.Metadata.Uid, () => ReconcileVolumeAsync(volume, cancel));
    }

    private async Task ReconcileClaimAsync(KubeObject claim, CancellationToken cancel)
    {
        var phase = claim.Json.Text("status", "phase");
        if (phase == "Bound" || claim.Metadata.IsBeingDeleted) return;
        if (phase.Length == 0) await WriteStatusAsync(LifeKinds.Claims, claim, new JsonObject { ["phase"] = "Pending" }, cancel);
        var volume = claim.Json.Text("spec", "volumeName") is { Length: > 0 } named
            ? Objects.PersistentVolumes.GetValueOrDefault(new(null, named))
            : _byClaim.Of(Objects.PersistentVolumes, claim.Metadata.Uid).FirstOrDefault();
        if (volume is not null) await BindAsync(claim, volume, cancel);
        else await AskAsync(claim, cancel);
    }

    private async Task BindAsync(KubeObject claim, KubeObject volume, CancellationToken cancel)
    {
        if (claim.Json.Text("spec", "volumeName").Length == 0)
        {
            var bound = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["pv.kubernetes.io/bind-completed"] = "yes", ["pv.kubernetes.io/bound-by-controller"] = "yes" } },
                ["spec"] = new JsonObject { ["volumeName"] = volume.Name },
            };
            await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(bound.ToJsonString()), Writes, cancel);
        }
        if (volume.Json.Text("status", "phase") != "Bound") await WriteStatusAsync(LifeKinds.PersistentVolumes, volume, new JsonObject { ["phase"] = "Bound" }, cancel);
        await WriteStatusAsync(LifeKinds.Claims, claim, new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = volume.Json["spec"].At("accessModes")?.DeepClone(),
            ["capacity"] = volume.Json["spec"].At("capacity")?.DeepClone(),
        }, cancel);
    }

    private async Task AskAsync(KubeObject claim, CancellationToken cancel)
    {
        const string Provisioner = "volume.beta.kubernetes.io/storage-provisioner";
        if (claim.Json.Text("spec", "storageClassName") is not { Length: > 0 } className) return;
        if (!Objects.StorageClasses.TryGetValue(new(null, className), out var storageClass))
        {
            await Events.WarningAsync(LifeKinds.Claims, claim, "ProvisioningFailed", $"storageclass.storage.k8s.io \"{className}\" not found", cancel);
            return;
        }
        if (storageClass.Json.Text("volumeBindingMode") == "WaitForFirstConsumer" && !claim.Metadata.Annotations.ContainsKey("volume.kubernetes.io/selected-node"))
        {
            if (Objects.PodsWith(claim.Metadata.ObjectName).IsEmpty) await Events.NormalAsync(LifeKinds.Claims, claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding", cancel);
            return;
        }
        var provisioner = storageClass.Json.Text("provisioner");
        if (claim.Metadata.Annotations.GetValueOrDefault(Provisioner) == provisioner) return;
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Provisioner] = provisioner } } };
        await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel);
        await Events.NormalAsync(LifeKinds.Claims, claim, "ExternalProvisioning",
            $"waiting for a volume to be created, either by external provisioner \"{provisioner}\" or manually created by system administrator", cancel);
    }

    private async Task ReconcileVolumeAsync(KubeObject volume, CancellationToken cancel)
    {
        var phase = volume.Json.Text("status", "phase");
        if (phase.Length == 0) await WriteStatusAsync(LifeKinds.PersistentVolumes, volume, new JsonObject { ["phase"] = "Pending" }, cancel);
        // One that nothing had bound yet is released like one in use: its claim went while it was made.
        if (phase == "Released" || volume.Json.Text("spec", "claimRef", "uid") is not { Length: > 0 } uid) return;
        var claim = Objects.Claims.GetValueOrDefault(new(volume.Json.Text("spec", "claimRef", "namespace"), volume.Json.Text("spec", "claimRef", "name")));
        if (claim?.Metadata.Uid == uid) return;
        await WriteStatusAsync(LifeKinds.PersistentVolumes, volume, new JsonObject { ["phase"] = "Released" }, cancel);
    }

    private Task<KubeObject> WriteStatusAsync(KubeKind<KubeObject> kind, KubeObject about, JsonObject status, CancellationToken cancel) =>
        Client.PatchAsync(kind, about.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
}
