namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim names a StorageClass that is not there.</summary>
internal sealed class StorageClassMissing : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, Class: null }))
        {
            if (claim.Claim!.Spec.StorageClassName is not { Length: > 0 } name || claim.Claim.Spec.VolumeName is { Length: > 0 }) continue;
            var known = one.Around.Storage.StorageClasses.Select(found => found.Name).ToArray();
            var isInstalled = one.Around.Installation is not null;
            yield return new(nameof(StorageClassMissing), DiagnosisTexts.StorageClassMissing(name), !isInstalled ? DiagnosisTexts.StorageClassMissingRemedyInstall(name)
                : known.Length == 0 ? DiagnosisTexts.StorageClassMissingRemedyNone(name) : DiagnosisTexts.StorageClassMissingRemedy(name, string.Join(", ", known)))
            {
                Place = new(isInstalled ? MendingPage.DeviceClasses : MendingPage.Install),
                Evidence = [Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.ClaimNamesClass(name), claim.Claim.Metadata.CreationTimestamp)],
            };
        }
    }
}
