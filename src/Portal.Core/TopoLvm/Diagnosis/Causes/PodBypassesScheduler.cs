namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A pod names its node itself, so no scheduler chooses a node for its claim, and no volume is made.</summary>
internal sealed class PodBypassesScheduler : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var waiting = one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, IsImmediate: false, SelectedNode: null }).ToArray();
        foreach (var claim in waiting)
        {
            foreach (var pod in claim.Pods.Where(pod => pod.Spec.NodeName is { Length: > 0 } && !pod.Metadata.IsBeingDeleted && one.Pods.Contains(pod)))
            {
                var node = pod.Spec.NodeName!;
                yield return new(nameof(PodBypassesScheduler), DiagnosisTexts.PodBypassesScheduler(pod.Metadata.ObjectName, node, claim.Name), DiagnosisTexts.PodBypassesSchedulerRemedy(pod.Metadata.ObjectName, node))
                {
                    Evidence =
                    [
                        Witness.Of("Pod", pod.Metadata.ObjectName, Texts.Message.Verbatim("spec.nodeName: " + node), pod.Metadata.CreationTimestamp),
                        Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.NoNodeChosen, claim.Claim!.Metadata.CreationTimestamp),
                    ],
                };
            }
        }
    }
}
