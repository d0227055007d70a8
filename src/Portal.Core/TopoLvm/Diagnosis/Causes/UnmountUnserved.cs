namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A pod cannot end because topolvm-node, which unmounts its volume, is gone from its node.</summary>
internal sealed class UnmountUnserved : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        if (!one.Claims.Any(claim => claim is { IsOurs: true, PersistentVolume: not null })) yield break;
        foreach (var pod in one.Pods.Where(pod => pod.Metadata.IsBeingDeleted && pod.Spec.NodeName is { Length: > 0 }))
        {
            var node = pod.Spec.NodeName!;
            if (one.Around.StorageNode(node) is not { IsReady: true } found || found.Pods.Any(part => part.Spec.Containers.Any(container => container.Name == "topolvm-node"))) continue;
            yield return new(nameof(UnmountUnserved), DiagnosisTexts.UnmountUnserved(node), DiagnosisTexts.UnmountUnservedRemedy(node))
            {
                Place = new(MendingPage.Node, new(null, node)),
                Evidence = [Witness.Of("Pod", pod.Metadata.ObjectName, DiagnosisTexts.IsBeingDeleted, pod.Metadata.DeletionTimestamp)],
            };
        }
    }
}
