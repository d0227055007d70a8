using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;

namespace Portal.Core.TopoLvm.Install.Removal;

// Data goes while TopoLVM still runs, because only its own controller and nodes can remove the volumes from the disks:
// snapshots, claims, PersistentVolumes, then LogicalVolumes. Where the one who serves a finalizer is away (an offline
// node, a controller that is down), the finalizer is taken off, and the logical volume stays on that node's disk.

/// <summary>The steps of a removal that look at and delete people's data.</summary>
internal sealed class DataRemoval(RemovalSpec spec, ApiResources api, TimeSpan goneWithin)
{
    // csi-provisioner's own, from its version 4 on.
    private const string ProvisionerFinalizer = "external-provisioner.volume.kubernetes.io/finalizer";

    private readonly TopoLvmNames _names = spec.Names();

    /// <summary>Fails when anything blocks the removal, and names it.</summary>
    public async Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        var gates = await RemovalGates.FindAsync(step.Context.Client, step.Context.Cluster.Current, spec, cancel);
        var blocking = gates.Where(gate => gate.Blocks).ToArray();
        if (blocking.Length > 0) throw new OperationFailedException(RemovalTexts.Blocked(blocking.Length, Sentences.Join(blocking.Take(5).Select(gate => gate.Text))));
    }

    public async Task SnapshotsAsync(StepRun step, CancellationToken cancel)
    {
        if (api.FindInGroup("snapshot.storage.k8s.io", "VolumeSnapshot") is not { } kind) return;
        foreach (var snapshot in await VolumeSnapshots.OfAsync(step.Context.Client, api, spec.Group, cancel))
        {
            step.Report(RemovalTexts.ReportDeletingOne(snapshot));
            await step.Cluster.DeleteAsync(kind, snapshot, DeleteOptions.Default, cancel);
        }
    }

    public async Task ClaimsAsync(StepRun step, CancellationToken cancel)
    {
        var serves = HasController(step.Context.Cluster.Current);
        foreach (var claim in RemovalGates.ClaimsOf(step.Context.Cluster.Current, spec.Group).ToArray())
        {
            step.Report(RemovalTexts.ReportDeletingOne(claim.Metadata.ObjectName));
            if (!claim.Metadata.IsBeingDeleted) await step.Cluster.DeleteAsync(PersistentVolumeClaim.Kind, claim.Metadata.ObjectName, new() { Uid = claim.Metadata.Uid }, cancel);
            if (!serves) await ConditionalPatch.ApplyAsync(step, PersistentVolumeClaim.Kind, claim, found => MarkRemoval.OfFinalizers(found.Metadata, _names.ClaimFinalizer), cancel);
        }
        await step.WaitUntilAsync(cluster => RemovalGates.ClaimsOf(cluster, spec.Group).FirstOrDefault() is { } left
            ? RemovalTexts.WaitClaim(left.Metadata.ObjectName) : null, goneWithin, cancel);
    }

    public async Task PersistentVolumesAsync(StepRun step, CancellationToken cancel)
    {
        var serves = HasController(step.Context.Cluster.Current);
        foreach (var volume in RemovalGates.PersistentVolumesOf(step.Context.Cluster.Current, spec.Group).ToArray())
        {
            // csi-provisioner deletes a released volume itself, with its data; one that is retained is nobody's job.
            if (serves && volume.Spec.PersistentVolumeReclaimPolicy != "Retain") continue;
            step.Report(RemovalTexts.ReportDeletingOne(volume.Metadata.ObjectName));
            await step.Cluster.DeleteAsync(PersistentVolume.Kind, volume.Metadata.ObjectName, new() { Uid = volume.Metadata.Uid }, cancel);
            if (!serves) await ConditionalPatch.ApplyAsync(step, PersistentVolume.Kind, volume, found => MarkRemoval.OfFinalizers(found.Metadata, ProvisionerFinalizer), cancel);
        }
        await step.WaitUntilAsync(cluster => RemovalGates.PersistentVolumesOf(cluster, spec.Group).FirstOrDefault() is { } left
            ? RemovalTexts.WaitVolume(left.Metadata.Name) : null, goneWithin, cancel);
    }

    public async Task LogicalVolumesAsync(StepRun step, CancellationToken cancel)
    {
        var kind = LogicalVolume.KindIn(spec.Group);
        if (!api.Serves(kind.ApiVersion, kind.Kind)) return;
        var cluster = step.Context.Cluster.Current;
        foreach (var volume in (await step.Context.Client.ListAllAsync(kind, ListQuery.All, cancel)).Items)
        {
            step.Report(RemovalTexts.ReportDeletingOne(volume.Metadata.ObjectName));
            if (!volume.Metadata.IsBeingDeleted) await step.Cluster.DeleteAsync(kind, volume.Metadata.ObjectName, new() { Uid = volume.Metadata.Uid }, cancel);
            if (!HasNodeService(cluster, volume.Spec.NodeName))
                await ConditionalPatch.ApplyAsync(step, kind, volume, found => MarkRemoval.OfFinalizers(found.Metadata, _names.LogicalVolumeFinalizer), cancel);
        }
        await step.WaitUntilAsync(now => RemovalGates.LogicalVolumesOf(now, spec.Group).FirstOrDefault() is { } left
            ? RemovalTexts.WaitLogicalVolume(left.Metadata.Name, left.Spec.NodeName) : null, goneWithin, cancel);
    }

    private bool HasController(ClusterSnapshot cluster) => Component.FindAll(cluster).Any(component =>
        component is { Role: ComponentRole.Controller, Ready: > 0 } && component.Workload.Namespace == spec.Namespace);

    private bool HasNodeService(ClusterSnapshot cluster, string node) => cluster.Nodes.Items.GetValueOrDefault(new(null, node)) is { IsReady: true }
        && cluster.Pods.Items.Values.Any(pod => pod.Metadata.Namespace == spec.Namespace && pod.Spec.NodeName == node && pod.IsReady
            && pod.Spec.Containers.Any(container => container.Name == "topolvm-node"));
}
