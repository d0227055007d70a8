using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes.Setup;

/// <summary>One step from a disk to storage, as the cluster shows it.</summary>
/// <param name="Text">How it is so already, what is waited for, what is to be done, or why it cannot be done yet.</param>
public sealed record SetupStep(SetupPart Part, SetupState State, Message Text);
