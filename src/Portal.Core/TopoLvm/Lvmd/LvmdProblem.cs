using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd;

public enum LvmdSeverity
{
    /// <summary>lvmd would not start, or volumes would be lost from sight: the file is not saved.</summary>
    Refused,

    /// <summary>It works, but perhaps not as a person expects.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>Something about an lvmd.yaml that a person should know, with the remedy.</summary>
/// <param name="DeviceClass">Position of the class in device-classes; null when the file as a whole is meant.</param>
/// <param name="Key">The key of lvmd.yaml it is about, "thin-pool.name" for one of the thin pool; null for the whole entry.</param>
public sealed record LvmdProblem(LvmdPlace Place, Message Text, LvmdSeverity Severity = LvmdSeverity.Refused, int? DeviceClass = null, string? Key = null)
{
    /// <summary>The sentence with its line and column.</summary>
    public Message WithPlace => LvmdTexts.ProblemAt(Place.Line, Place.Column, Text);
}
