namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim asks for more than it has, and its StorageClass does not let claims grow.</summary>
internal sealed class ExpansionNotAllowed : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Growing, IsOurs: true, Class.AllowVolumeExpansion: false }))
        {
            var name = claim.Class!.Metadata.Name;
            yield return new(nameof(ExpansionNotAllowed), DiagnosisTexts.ExpansionNotAllowed(name), DiagnosisTexts.ExpansionNotAllowedRemedy(name))
            {
                Place = new(MendingPage.DeviceClasses),
                Evidence =
                [
                    Witness.Of("StorageClass", claim.Class.Metadata.ObjectName, Texts.Message.Verbatim("allowVolumeExpansion: false"), claim.Class.Metadata.CreationTimestamp),
                    Growth.Evidence(claim),
                ],
            };
        }
    }
}
