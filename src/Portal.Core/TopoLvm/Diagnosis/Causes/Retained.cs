namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>The claim of a volume is gone, and its reclaim policy keeps the volume.</summary>
internal sealed class Retained : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var volume in one.LogicalVolumes.Where(volume => !volume.Metadata.IsBeingDeleted))
        {
            if (one.Around.PersistentVolume(volume.Metadata.Name) is not { Status.Phase: "Released", Spec.PersistentVolumeReclaimPolicy: "Retain" } persistent) continue;
            var name = persistent.Metadata.Name;
            yield return new(nameof(Retained), DiagnosisTexts.Retained(name), DiagnosisTexts.RetainedRemedy(name))
            {
                Urgency = Urgency.AsIntended,
                Place = new(MendingPage.Volumes),
                Evidence = [Witness.Of("PersistentVolume", persistent.Metadata.ObjectName, Texts.Message.Verbatim("persistentVolumeReclaimPolicy: Retain"), persistent.Metadata.CreationTimestamp)],
            };
        }
    }
}
