using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>What a LogicalVolume's status code means, and what to do about it. The codes are gRPC's.</summary>
public static class LogicalVolumeProblem
{
    /// <summary>The problem as a sentence with its remedy; only for a code other than 0.</summary>
    public static Message Explain(Volume volume, LogicalVolume logical)
    {
        var (node, text) = (logical.Spec.NodeName, ForeignText.Sentence(logical.Status.Message));
        object deviceClass = volume.DeviceClass.Length == 0 ? VolumeTexts.DefaultClass : volume.DeviceClass;
        return logical.Status.Code switch
        {
            3 => VolumeTexts.CodeInvalid(node, text),
            5 => VolumeTexts.CodeNotFound(node, text, deviceClass),
            8 => VolumeTexts.CodeExhausted(node, deviceClass, text),
            11 => VolumeTexts.CodeOutOfRange(node, text),
            12 => VolumeTexts.CodeUnimplemented(node, text),
            13 => VolumeTexts.CodeInternal(node, text),
            var code => VolumeTexts.CodeOther(node, code, text),
        };
    }
}
