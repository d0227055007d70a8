namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A pod mounts a claim that does not exist.</summary>
internal sealed class ClaimMissing : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim.Stage == ClaimStage.Missing && !claim.Pods.IsEmpty))
        {
            yield return new(nameof(ClaimMissing), DiagnosisTexts.ClaimMissing(claim.Name), DiagnosisTexts.ClaimMissingRemedy(claim.Name))
            {
                Place = new(MendingPage.Volumes),
                Evidence = [.. claim.Pods.Select(pod => Witness.OfScheduler(pod, one.Around) ?? Witness.Of("Pod", pod.Metadata.ObjectName, DiagnosisTexts.PodMounts(claim.Name)))],
            };
        }
    }
}
