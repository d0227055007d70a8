namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A StorageClass with Immediate binding: TopoLVM takes a node without regard to the pod or to space.</summary>
internal sealed class ImmediateBinding : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { IsOurs: true, IsImmediate: true }))
        {
            var evidence = claim.Stage == ClaimStage.Unbound ? Full(claim, one) : VolumeElsewhere.Barred(claim, one).Select(barred => barred.Evidence).FirstOrDefault();
            if (evidence is null) continue;
            var name = claim.Class!.Metadata.Name;
            yield return new(nameof(ImmediateBinding), DiagnosisTexts.ImmediateBinding(name), DiagnosisTexts.ImmediateBindingRemedy(name, claim.Name))
            {
                Place = new(MendingPage.DeviceClasses),
                Evidence = [Witness.Of("StorageClass", claim.Class.Metadata.ObjectName, Texts.Message.Verbatim("volumeBindingMode: Immediate"), claim.Class.Metadata.CreationTimestamp), evidence],
            };
        }
    }

    private static Evidence? Full(ClaimCase claim, Case one) => ClaimRefusal.Of(claim, one.Around) is { Code: GrpcCode.ResourceExhausted } refusal ? Witness.Of(refusal.Said) : null;
}
