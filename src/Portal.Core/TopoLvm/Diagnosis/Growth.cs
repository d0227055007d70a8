using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>A claim that asks for more than it has, in words.</summary>
internal static class Growth
{
    public static Evidence Evidence(ClaimCase claim) =>
        Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.AsksForMore(ByteText.Format(claim.Has), ByteText.Format(claim.Asked)));
}
