using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim that is being deleted is kept while pods use it.</summary>
internal sealed class ClaimProtected : ICause
{
    private const string Finalizer = "kubernetes.io/pvc-protection";

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim.Stage == ClaimStage.BeingDeleted && claim.Claim!.Metadata.Finalizers.Contains(Finalizer)))
        {
            Pod[] users = [.. claim.Pods.Where(pod => pod.Status.Phase is not ("Succeeded" or "Failed"))];
            if (users.Length == 0) continue;
            var names = string.Join(", ", users.Select(pod => pod.Metadata.Name));
            yield return new(nameof(ClaimProtected), DiagnosisTexts.ClaimProtected(claim.Name, names), DiagnosisTexts.ClaimProtectedRemedy(names))
            {
                Evidence =
                [
                    Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.FinalizersLeft(string.Join(", ", claim.Claim!.Metadata.Finalizers)), claim.Claim.Metadata.DeletionTimestamp),
                    .. users.Select(pod => Witness.Of("Pod", pod.Metadata.ObjectName, DiagnosisTexts.PodMounts(claim.Name), pod.Metadata.CreationTimestamp)),
                ],
            };
        }
    }
}
