namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim names no StorageClass, and there was no default when it was made.</summary>
internal sealed class StorageClassUnnamed : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(Is))
        {
            yield return new(nameof(StorageClassUnnamed), DiagnosisTexts.StorageClassUnnamed(claim.Name), DiagnosisTexts.StorageClassUnnamedRemedy(claim.Name))
            {
                Place = new(MendingPage.DeviceClasses),
                Evidence = [Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.ClaimNamesNoClass, claim.Claim!.Metadata.CreationTimestamp)],
            };
        }
    }

    internal static bool Is(ClaimCase claim) => claim is { Stage: ClaimStage.Unbound } && string.IsNullOrEmpty(claim.Claim!.Spec.StorageClassName) && string.IsNullOrEmpty(claim.Claim.Spec.VolumeName);
}
