namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim is to begin as a copy, and its device class is thick: TopoLVM copies thin volumes only.</summary>
internal sealed class SnapshotOfThick : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, Claim.Spec.DataSource: not null }))
        {
            var origin = Origin.Of(claim, one.Around);
            var unimplemented = ClaimRefusal.Of(claim, one.Around) is { Code: GrpcCode.Unimplemented } refusal ? refusal.Said : null;
            if (origin.IsThick != true && unimplemented is null) continue;
            var deviceClass = Naming.OfClass(origin.DeviceClass ?? claim.DeviceClass!);
            yield return new(nameof(SnapshotOfThick), DiagnosisTexts.SnapshotOfThick(claim.Name, origin.Text, deviceClass), DiagnosisTexts.SnapshotOfThickRemedy)
            {
                Place = new(MendingPage.DeviceClasses),
                Evidence = [Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.ClaimCopies(origin.Text), claim.Claim!.Metadata.CreationTimestamp), .. unimplemented is null ? Array.Empty<Evidence>() : [Witness.Of(unimplemented)]],
            };
        }
    }
}
