using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>The volume group of the node that holds a volume has less left than it is to grow by.</summary>
internal sealed class ExpansionTooLarge : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Growing, IsOurs: true, LogicalVolume: not null }))
        {
            var volume = claim.LogicalVolume!;
            var refusal = ClaimRefusal.Of(claim, one.Around);
            var isFull = volume.Status.Code == GrpcCode.ResourceExhausted || refusal?.Code == GrpcCode.ResourceExhausted || refusal?.Words.Contains("not enough space", StringComparison.Ordinal) == true;
            if (!isFull || one.Around.Node(volume.Spec.NodeName) is not { } node) continue;
            var deviceClass = volume.Spec.DeviceClass.Length == 0 ? TopoLvmNames.DefaultClass : volume.Spec.DeviceClass;
            var offer = ClassRoom.Of(deviceClass, claim.Asked - claim.Has, node, one.Around);
            var available = offer.Available is { } bytes ? Message.Verbatim(ByteText.Format(bytes)) : DiagnosisTexts.UnknownAmount;
            var what = DiagnosisTexts.ExpansionTooLarge(node.Metadata.Name, available, Naming.OfClass(deviceClass), ByteText.Format(offer.Asked));
            yield return new(nameof(ExpansionTooLarge), offer.HeldBack > 0 ? DiagnosisTexts.WithSpare(what, ByteText.Format(offer.HeldBack)) : what, DiagnosisTexts.ExpansionTooLargeRemedy(node.Metadata.Name))
            {
                Place = new(MendingPage.Node, node.Metadata.ObjectName),
                Evidence =
                [
                    .. refusal is null ? Array.Empty<Evidence>() : [Witness.Of(refusal.Said)],
                    .. volume.Status.Code == 0 ? Array.Empty<Evidence>() : [Witness.Of("LogicalVolume", volume.Metadata.ObjectName, Message.Verbatim(volume.Status.Message))],
                    Growth.Evidence(claim),
                ],
            };
        }
    }
}
