namespace Portal.Agent.Link;

/// <summary>The portal answers, and does not want this agent; the message says why.</summary>
public sealed class LinkRefusedException(string message) : Exception(message);
