using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Volumes;

/// <summary>Keeps claims that pods use and volumes that are bound: the pvc- and pv-protection controllers.</summary>
public sealed class StorageProtection(LifeContext context) : Controller("storage-protection", context)
{
    private const string OfClaims = "kubernetes.io/pvc-protection";
    private const string OfVolumes = "kubernetes.io/pv-protection";

    private readonly ObjectIndex<bool> _claims = new(claim => IsOpen(claim, OfClaims) ? [true] : []);
    private readonly ObjectIndex<bool> _volumes = new(volume => IsOpen(volume, OfVolumes) ? [true] : []);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var claim in _claims.Of(Objects.Claims, true))
            await AttemptAsync("claim " + claim.Metadata.Uid, () => ProtectAsync(LifeKinds.Claims, claim, OfClaims, IsUsed(claim), cancel));
        foreach (var volume in _volumes.Of(Objects.PersistentVolumes, true))
            await AttemptAsync("volume " + volume.Metadata.Uid, () => ProtectAsync(LifeKinds.PersistentVolumes, volume, OfVolumes, volume.Json.Text("status", "phase") == "Bound", cancel));
    }

    private bool IsUsed(KubeObject claim) => Objects.PodsWith(claim.Metadata.ObjectName).Any(pod => !PodRules.HasEnded(pod));

    /// <summary>Whether the finalizer is still to be put on, or may be to be taken off.</summary>
    private static bool IsOpen(KubeObject about, string finalizer) => about.Metadata.IsBeingDeleted == about.Metadata.Finalizers.Contains(finalizer);

    private async Task ProtectAsync(KubeKind<KubeObject> kind, KubeObject about, string finalizer, bool isUsed, CancellationToken cancel)
    {
        var held = about.Metadata.Finalizers.Contains(finalizer);
        var finalizers = (about.Metadata.IsBeingDeleted, held) switch
        {
            (false, false) => about.Metadata.Finalizers.Add(finalizer),
            (true, true) when !isUsed => about.Metadata.Finalizers.Remove(finalizer),
            _ => about.Metadata.Finalizers,
        };
        if (finalizers == about.Metadata.Finalizers) return;
        var metadata = new JsonObject { ["resourceVersion"] = about.Metadata.ResourceVersion, ["finalizers"] = new JsonArray([.. finalizers]) };
        await Client.PatchAsync(kind, about.Metadata.ObjectName, Patch.Merge(new JsonObject { ["metadata"] = metadata }.ToJsonString()), Writes, cancel);
    }
}
