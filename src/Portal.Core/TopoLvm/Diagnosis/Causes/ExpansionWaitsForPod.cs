namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>The volume has grown; its file system grows only while a pod mounts it.</summary>
internal sealed class ExpansionWaitsForPod : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Growing, IsOurs: true } && !claim.Pods.Any(pod => pod.IsReady)))
        {
            if (claim.Claim!.Status.Conditions.FirstOrDefault(condition => condition is { Type: "FileSystemResizePending", Status: "True" }) is not { } pending) continue;
            yield return new(nameof(ExpansionWaitsForPod), DiagnosisTexts.ExpansionWaitsForPod(claim.Name), claim.Pods.IsEmpty ? DiagnosisTexts.ExpansionWaitsForPodRemedy(claim.Name) : DiagnosisTexts.ExpansionWaitsForReadyRemedy(string.Join(", ", claim.Pods.Select(pod => pod.Metadata.Name))))
            {
                Place = new(MendingPage.Volume, claim.Name),
                Evidence = [Witness.Of("PersistentVolumeClaim", claim.Name, Texts.Message.Verbatim($"{pending.Type}: {pending.Message}"), pending.LastTransitionTime), Growth.Evidence(claim)],
            };
        }
    }
}
