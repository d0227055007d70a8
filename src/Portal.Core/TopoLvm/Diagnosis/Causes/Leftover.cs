namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A LogicalVolume that no PersistentVolume, claim or snapshot belongs to: its space is taken and nothing uses it.</summary>
internal sealed class Leftover : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var volume in one.LogicalVolumes.Where(volume => !volume.Metadata.IsBeingDeleted && Trouble.IsLeftover(volume, one.Around)))
        {
            yield return new(nameof(Leftover), DiagnosisTexts.Leftover(volume.Metadata.Name, volume.Spec.NodeName), DiagnosisTexts.LeftoverRemedy(volume.Metadata.Name))
            {
                Place = new(MendingPage.Volumes),
                Evidence = [Witness.Of("LogicalVolume", volume.Metadata.ObjectName, DiagnosisTexts.NothingBearsItsName(volume.Spec.Name), volume.Metadata.CreationTimestamp)],
            };
        }
    }
}
