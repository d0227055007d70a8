using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>lvmd refused to make or grow a volume, and says so with a code.</summary>
internal sealed class LogicalVolumeRefused : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var volume in one.LogicalVolumes.Where(volume => volume.Status.Code != 0))
            yield return Of(volume.Status.Code, volume.Spec.NodeName, Witness.Of("LogicalVolume", volume.Metadata.ObjectName, Message.Verbatim(volume.Status.Message)));
        foreach (var claim in one.Claims.Where(claim => claim.LogicalVolume is not { Status.Code: not 0 }))
        {
            if (ClaimRefusal.Of(claim, one.Around) is { Code: { } code } refusal) yield return Of(code, claim.Node, Witness.Of(refusal.Said));
        }
    }

    private static Finding Of(int code, string? node, Evidence said)
    {
        var name = GrpcCode.NameOf(code);
        Message where = node is { Length: > 0 } ? DiagnosisTexts.OnNode(node) : DiagnosisTexts.OnSomeNode;
        return new(nameof(LogicalVolumeRefused), DiagnosisTexts.VolumeRefused(where, name, Meaning(code)), RemedyFor(code))
        {
            Place = code switch
            {
                GrpcCode.NotFound or GrpcCode.InvalidArgument => new(MendingPage.DeviceClasses),
                _ when node is { Length: > 0 } => new(MendingPage.Node, new(null, node)),
                _ => new(MendingPage.Nodes),
            },
            Evidence = [said],
            NotKnown = code == GrpcCode.Internal ? [DiagnosisTexts.LvmLogNotSeen] : [],
        };
    }

    private static Message Meaning(int code) => code switch
    {
        GrpcCode.InvalidArgument => DiagnosisTexts.MeaningInvalidArgument,
        GrpcCode.NotFound => DiagnosisTexts.MeaningNotFound,
        GrpcCode.AlreadyExists => DiagnosisTexts.MeaningAlreadyExists,
        GrpcCode.ResourceExhausted => DiagnosisTexts.MeaningResourceExhausted,
        GrpcCode.OutOfRange => DiagnosisTexts.MeaningOutOfRange,
        GrpcCode.Unimplemented => DiagnosisTexts.MeaningUnimplemented,
        GrpcCode.Internal => DiagnosisTexts.MeaningInternal,
        _ => DiagnosisTexts.MeaningOther,
    };

    private static Message RemedyFor(int code) => code switch
    {
        GrpcCode.InvalidArgument => DiagnosisTexts.RemedyInvalidArgument,
        GrpcCode.NotFound => DiagnosisTexts.RemedyNotFound,
        GrpcCode.AlreadyExists => DiagnosisTexts.RemedyAlreadyExists,
        GrpcCode.ResourceExhausted => DiagnosisTexts.RemedyResourceExhausted,
        GrpcCode.OutOfRange => DiagnosisTexts.RemedyOutOfRange,
        GrpcCode.Unimplemented => DiagnosisTexts.RemedyUnimplemented,
        GrpcCode.Internal => DiagnosisTexts.RemedyInternal,
        _ => DiagnosisTexts.RemedyOther,
    };
}
