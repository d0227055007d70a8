using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

public enum CheckState
{
    Ok,

    /// <summary>Worth knowing; the install can go on.</summary>
    Warning,

    /// <summary>The install would fail, or harm what stands.</summary>
    Blocker,
}

/// <summary>One thing looked at before an install.</summary>
/// <param name="Id">A stable word: "permissions".</param>
/// <param name="Remedy">What to do; null where nothing needs to be done.</param>
public sealed record PreflightCheck(string Id, CheckState State, Message Text, Message? Remedy = null)
{
    /// <summary>The sentence and its remedy as one.</summary>
    public Message WithRemedy => Remedy is null ? Text : InstallTexts.Both(Text, Remedy);
}
