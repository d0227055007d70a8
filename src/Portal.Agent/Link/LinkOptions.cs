namespace Portal.Agent.Link;

/// <summary>Where the portal is and how the agent proves who it is.</summary>
/// <param name="Portal">The portal's address: "https://portal.example:8443/".</param>
/// <param name="Node">The Kubernetes node it speaks for.</param>
/// <param name="TokenFile">A projected service-account token, or a join token. Read anew for each connection: the kubelet renews it.</param>
public sealed record LinkOptions(Uri Portal, string Node, string TokenFile)
{
    /// <summary>The only authorities that the portal's certificate may come from, as PEM; null: those that the machine trusts.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>After which a try to connect is given up.</summary>
    public static TimeSpan ConnectLimit { get; } = TimeSpan.FromSeconds(30);

    public static TimeSpan FirstPause { get; } = TimeSpan.FromSeconds(2);

    public static TimeSpan LongestPause { get; } = TimeSpan.FromMinutes(1);
}
