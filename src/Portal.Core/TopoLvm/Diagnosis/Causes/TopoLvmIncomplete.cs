namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>There is no TopoLVM that could serve the claims, or a part without which it cannot.</summary>
internal sealed class TopoLvmIncomplete : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        if (one.Claims.FirstOrDefault(claim => claim.IsOurs && claim.Stage is not (ClaimStage.Missing or ClaimStage.Bound)) is not { } waiting) yield break;
        var installed = one.Around.Installation;
        if (installed?.Find(ComponentRole.Controller) is null)
        {
            yield return new(nameof(TopoLvmIncomplete), DiagnosisTexts.TopoLvmMissing, DiagnosisTexts.TopoLvmMissingRemedy)
            {
                Place = new(MendingPage.Install),
                Evidence = [Witness.Of("StorageClass", new(null, waiting.Class?.Metadata.Name ?? "?"), DiagnosisTexts.ClassNamesProvisioner(waiting.Names!.Provisioner))],
            };
        }
        else if (!installed.HasDriver && waiting.Names == installed.Names)
        {
            yield return new(nameof(TopoLvmIncomplete), DiagnosisTexts.DriverObjectMissing(installed.Names.Provisioner), DiagnosisTexts.DriverObjectMissingRemedy)
            {
                Place = new(MendingPage.Install),
            };
        }
    }
}
