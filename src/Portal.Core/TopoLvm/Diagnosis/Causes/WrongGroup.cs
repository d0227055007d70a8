namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A StorageClass speaks to the other API group of TopoLVM than the installed one answers to.</summary>
internal sealed class WrongGroup : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        if (one.Around.Installation is not { } installed || installed.Find(ComponentRole.Controller) is null) yield break;
        foreach (var claim in one.Claims.Where(claim => claim.Class is not null && claim.Stage is ClaimStage.Unbound or ClaimStage.Growing))
        {
            var (storageClass, name) = (claim.Class!, claim.Class!.Metadata.Name);
            if (claim.Names is { } names && names != installed.Names)
            {
                yield return new(nameof(WrongGroup), DiagnosisTexts.ProvisionerOfOtherGroup(name, names.Provisioner, installed.Names.Group), DiagnosisTexts.WrongGroupRemedy(name, installed.Names.Provisioner))
                {
                    Place = new(MendingPage.DeviceClasses),
                    Evidence = [Witness.Of("StorageClass", new(null, name), DiagnosisTexts.ClassNamesProvisioner(names.Provisioner), storageClass.Metadata.CreationTimestamp)],
                };
            }
            else if (claim.IsOurs && TopoLvmNames.All.FirstOrDefault(other => other != installed.Names && storageClass.Parameters.ContainsKey(other.DeviceClassParameter)) is { } other)
            {
                yield return new(nameof(WrongGroup), DiagnosisTexts.ParameterOfOtherGroup(name, other.DeviceClassParameter, installed.Names.DeviceClassParameter), DiagnosisTexts.ParameterOfOtherGroupRemedy(name, installed.Names.DeviceClassParameter))
                {
                    Place = new(MendingPage.DeviceClasses),
                    Evidence = [Witness.Of("StorageClass", new(null, name), Texts.Message.Verbatim($"{other.DeviceClassParameter}: {storageClass.Parameters[other.DeviceClassParameter]}"), storageClass.Metadata.CreationTimestamp)],
                };
            }
        }
    }
}
