using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What topolvm-controller does before a Node or a claim may go; without it both stay in deletion.</summary>
public sealed class Finalizers(LifeContext context) : Controller("topolvm-controller", context)
{
    private readonly ObjectIndex<string> _marked = new(claim => claim.Metadata.Finalizers.Where(finalizer => TopoLvmNames.All.Any(names => names.ClaimFinalizer == finalizer)));
    private readonly ObjectIndex<bool> _leaving = new(node => node.Metadata.IsBeingDeleted ? [true] : []);
    private readonly ObjectIndex<bool> _leavingClaims = new(claim => claim.Metadata.IsBeingDeleted ? [true] : []);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var controller in RunningController.All(Objects).ToArray())
        {
            foreach (var node in _leaving.Of(Objects.Nodes, true).Where(node => IsHeld(node, controller.Names.NodeFinalizer) && controller.FinalizesNodes))
                await AttemptAsync("node " + node.Metadata.Uid, () => FinishNodeAsync(controller, node, cancel));
            if (controller.Version >= TopoLvmVersion.WithoutClaimFinalizer)
            {
                foreach (var claim in TopoLvmNames.All.SelectMany(names => _marked.Of(Objects.Claims, names.ClaimFinalizer)).Distinct().ToArray())
                    await AttemptAsync("claim " + claim.Metadata.Uid, () => ReleaseOldAsync(claim, cancel));
                continue;
            }
            foreach (var claim in _leavingClaims.Of(Objects.Claims, true).Where(claim => IsHeld(claim, controller.Names.ClaimFinalizer)))
                await AttemptAsync("claim " + claim.Metadata.Uid, () => FinishClaimAsync(controller, claim, cancel));
        }
    }

    private static bool IsHeld(KubeObject found, string finalizer) => found.Metadata.IsBeingDeleted && found.Metadata.Finalizers.Contains(finalizer);

    /// <summary>The claims of a node that goes are deleted, its LogicalVolumes forgotten; the data stay on its disks.</summary>
    private async Task FinishNodeAsync(RunningController controller, KubeObject node, CancellationToken cancel)
    {
        var classes = Objects.StorageClasses.Values.Where(one => one.Json.Text("provisioner") == controller.Names.Provisioner).Select(one => one.Name).ToHashSet();
        foreach (var claim in Objects.Claims.Values.Where(claim => classes.Contains(claim.Json.Text("spec", "storageClassName"))))
        {
            if (claim.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node") == node.Name && !claim.Metadata.IsBeingDeleted)
                await Client.DeleteAsync(LifeKinds.Claims, claim.Metadata.ObjectName, new DeleteOptions { Uid = claim.Metadata.Uid }, cancel);
        }
        var kind = LifeKinds.LogicalVolumes(controller.Names.Group);
        foreach (var volume in Objects.LogicalVolumes(controller.Names.Group).Values.Where(volume => volume.Json.Text("spec", "nodeName") == node.Name))
        {
            await ReleaseAsync(kind, volume, controller.Names.LogicalVolumeFinalizer, cancel);
            await Client.DeleteAsync(kind, volume.Metadata.ObjectName, new DeleteOptions { Uid = volume.Metadata.Uid }, cancel);
        }
        await ReleaseAsync(LifeKinds.Nodes, node, controller.Names.NodeFinalizer, cancel);
    }

    private async Task ReleaseOldAsync(KubeObject claim, CancellationToken cancel)
    {
        foreach (var names in TopoLvmNames.All.Where(names => claim.Metadata.Finalizers.Contains(names.ClaimFinalizer)).Take(1))
            await ReleaseAsync(LifeKinds.Claims, claim, names.ClaimFinalizer, cancel);
    }

    private async Task FinishClaimAsync(RunningController controller, KubeObject claim, CancellationToken cancel)
    {
        if (claim.Metadata.Finalizers.Length > 1) return;
        await ReleaseAsync(LifeKinds.Claims, claim, controller.Names.ClaimFinalizer, cancel);
        foreach (var pod in Objects.PodsWith(claim.Metadata.ObjectName).Where(pod => !pod.Metadata.IsBeingDeleted))
            await Client.DeleteAsync(LifeKinds.Pods, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid, GracePeriodSeconds = 1 }, cancel);
    }

    private async Task ReleaseAsync(KubeKind<KubeObject> kind, KubeObject held, string finalizer, CancellationToken cancel)
    {
        if (!held.Metadata.Finalizers.Contains(finalizer)) return;
        var metadata = new JsonObject
        {
            ["resourceVersion"] = held.Metadata.ResourceVersion,
            ["finalizers"] = new JsonArray([.. held.Metadata.Finalizers.Remove(finalizer)]),
        };
        await Client.PatchAsync(kind, held.Metadata.ObjectName, Patch.Merge(new JsonObject { ["metadata"] = metadata }.ToJsonString()), Writes, cancel);
    }
}
