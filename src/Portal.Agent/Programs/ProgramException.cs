namespace Portal.Agent.Programs;

/// <summary>A program could not be started, or failed; the message is a sentence for the node's administrator.</summary>
public sealed class ProgramException(string message, Exception? inner = null) : Exception(message, inner);
