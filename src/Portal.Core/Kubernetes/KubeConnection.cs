namespace Portal.Core.Kubernetes;

/// <summary>Where an API server is and how to speak to it: address, trust, credentials.</summary>
public sealed class KubeConnection(Uri server, string source, Func<HttpMessageHandler>? handler = null)
{
    /// <summary>Base address, ending in a slash.</summary>
    public Uri Server { get; } = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");

    /// <summary>Where the connection comes from, for people: a file and its context, "in-cluster", "simulator".</summary>
    public string Source { get; } = source;

    /// <summary>A new handler with this connection's trust, client certificate, proxy and credentials.</summary>
    public HttpMessageHandler CreateHandler() => handler?.Invoke() ?? new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = true,
        UseProxy = !Server.IsLoopback,
        // A connection that died without a word (NAT, pulled cable) would otherwise hold every later request until TCP gives up.
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };
}
