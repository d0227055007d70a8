using Portal.Core.Texts;

namespace Portal.Cluster;

/// <summary>Which cluster the portal manages, and whether it can be reached.</summary>
/// <param name="Name">For people: a kubeconfig's context, or what the connection says of itself; null before it is known.</param>
/// <param name="IsDemo">True for the simulated cluster.</param>
/// <param name="Problem">Why there is no connection, and the way out; null while there is one or none has been tried.</param>
public sealed record ClusterStatus(string? Name, bool IsDemo, bool IsConnected, Message? Problem)
{
    /// <summary>Until when the simulated cluster's history is made up; null where nothing in it is.</summary>
    public DateTimeOffset? MadeUntil { get; init; }

    public static readonly ClusterStatus Connecting = new(null, false, false, null);
}
