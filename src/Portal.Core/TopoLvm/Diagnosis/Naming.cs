using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>What things are called in sentences.</summary>
internal static class Naming
{
    /// <summary>"device class ssd", or "the default device class".</summary>
    public static Message OfClass(string deviceClass) =>
        deviceClass is TopoLvmNames.DefaultClass or "" ? DiagnosisTexts.DefaultDeviceClass : DiagnosisTexts.NamedDeviceClass(deviceClass);
}
