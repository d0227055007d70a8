using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>Something is being deleted and carries a finalizer of TopoLVM that nobody is there to take off.</summary>
internal sealed class FinalizerUnserved : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim.Stage == ClaimStage.BeingDeleted))
        {
            // The controller waits until it is the only one left.
            if (claim.Claim!.Metadata.Finalizers is [var last] && TopoLvmNames.All.Any(names => names.ClaimFinalizer == last) && WhoIsMissing(one, last) is { } missing)
                yield return Of(one, "PersistentVolumeClaim", claim.Claim.Metadata, last, missing);
        }
        foreach (var volume in one.LogicalVolumes.Where(volume => volume.Metadata.IsBeingDeleted))
        {
            if (Find(volume.Metadata, names => names.LogicalVolumeFinalizer) is { } held && one.Around.Node(volume.Spec.NodeName) is { IsReady: true } && !IsServed(one, volume, held))
                yield return Of(one, "LogicalVolume", volume.Metadata, held, DiagnosisTexts.NodePartOn(volume.Spec.NodeName));
        }
        if (one.Subject.Kind != SubjectKind.Node || one.Around.Node(one.Subject.Name.Name) is not { Metadata.IsBeingDeleted: true } node) yield break;
        if (Find(node.Metadata, names => names.NodeFinalizer) is { } kept && WhoIsMissing(one, kept) is { } who) yield return Of(one, "Node", node.Metadata, kept, who);
    }

    private static string? Find(ObjectMeta metadata, Func<TopoLvmNames, string> finalizer) => TopoLvmNames.All.Select(finalizer).FirstOrDefault(metadata.Finalizers.Contains);

    private static Texts.Message? WhoIsMissing(Case one, string finalizer) =>
        one.Around.Installation is { } installed && finalizer.StartsWith(installed.Names.Group + "/", StringComparison.Ordinal) && installed.Find(ComponentRole.Controller) is { Ready: > 0 }
            ? null : DiagnosisTexts.ControllerPart;

    // A pod of topolvm-node that is there and not ready has a reason of its own.
    private static bool IsServed(Case one, LogicalVolume volume, string finalizer) =>
        finalizer.StartsWith(one.Around.Names.Group + "/", StringComparison.Ordinal)
        && one.Around.StorageNode(volume.Spec.NodeName)?.Pods.Any(pod => pod.Spec.Containers.Any(container => container.Name == "topolvm-node")) == true;

    private static Finding Of(Case one, string kind, ObjectMeta held, string finalizer, Texts.Message missing) =>
        new(nameof(FinalizerUnserved), DiagnosisTexts.FinalizerUnserved(kind, held.ObjectName, finalizer, missing), DiagnosisTexts.FinalizerUnservedRemedy(missing, finalizer))
        {
            Place = new(one.Around.Installation?.IsComplete == true ? MendingPage.Nodes : MendingPage.Install),
            Evidence = [Witness.Of(kind, held.ObjectName, DiagnosisTexts.FinalizersLeft(string.Join(", ", held.Finalizers)), held.DeletionTimestamp)],
        };
}
