using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.Agents;

/// <summary>The node's agent is not connected, or its connection broke before it answered. Whether a command was begun is not known then: sent again
/// with the same operation id, it is done once.</summary>
public sealed class AgentUnreachableException(Message problem) : OperationFailedException(problem);
