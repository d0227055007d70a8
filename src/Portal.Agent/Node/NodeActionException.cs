namespace Portal.Agent.Node;

/// <summary>What the agent was to do itself was not done; the message is a sentence for the node's administrator.</summary>
public sealed class NodeActionException(string message, Exception? inner = null) : Exception(message, inner);
