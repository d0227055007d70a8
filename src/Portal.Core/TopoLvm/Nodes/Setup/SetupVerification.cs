using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes.Setup;

/// <summary>How the last verification of a node's device class ended.</summary>
/// <param name="State">Open while there was none, or where it failed.</param>
/// <param name="Problem">Why it failed; null otherwise.</param>
/// <param name="At">When it ended; null while none has.</param>
public sealed record SetupVerification(SetupState State, Message? Problem = null, DateTimeOffset? At = null)
{
    public static readonly SetupVerification None = new(SetupState.Open);
}
