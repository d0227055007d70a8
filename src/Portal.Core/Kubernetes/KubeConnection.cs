using System.Net;
using System.Security.Cryptography;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.Kubernetes.Kubeconfig;

namespace Portal.Core.Kubernetes;

/// <summary>Where an API server is and how to speak to it: address, trust, credentials.</summary>
public sealed class KubeConnection(Uri server, string source)
{
    /// <summary>Base address, ending in a slash.</summary>
    public Uri Server { get; } = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");

    /// <summary>Where the connection comes from, for people: a file and its context, "in-cluster", "simulator".</summary>
    public string Source { get; } = source;

    /// <summary>The namespace that the context names, or that the pod runs in; null when there is none.</summary>
    public string? Namespace { get; init; }

    internal ServerTrust Trust { get; init; } = ServerTrust.OfTheMachine;

    internal ICredential Credential { get; init; } = FixedCredential.None;

    internal Impersonation? Impersonation { get; init; }

    internal Uri? Proxy { get; init; }

    /// <summary>The cluster that a person means who says nothing more: <see cref="KubeconfigOptions.Path"/>, else KUBECONFIG, else ~/.kube/config,
    /// else the cluster this process runs in; null when there is none of them. Throws <see cref="KubeconfigException"/> when there is one that
    /// cannot be used.</summary>
    public static KubeConnection? Find(KubeconfigOptions options)
    {
        if (KubeconfigSearch.Find(options) is { } config) return new KubeconfigConnector(config, options.Time).Connect(options.Context);
        return IsInCluster(options.Environment) ? InCluster(options.Environment, options.Time) : null;
    }

    /// <summary>As <see cref="Find"/>, from kubeconfig files alone. Throws <see cref="KubeconfigException"/>.</summary>
    public static KubeConnection FromKubeconfig(KubeconfigOptions options)
    {
        var config = KubeconfigSearch.Find(options)
            ?? throw new KubeconfigException(KubeTexts.KubeconfigAbsent(Path.Combine(options.Environment.Home, ".kube", "config")));
        return new KubeconfigConnector(config, options.Time).Connect(options.Context);
    }

    /// <summary>The cluster this process runs in as a pod, as the pod's service account. Throws <see cref="KubeconfigException"/>.</summary>
    public static KubeConnection InCluster() => InCluster(KubeEnvironment.Process, TimeProvider.System);

    /// <inheritdoc cref="InCluster()"/>
    public static KubeConnection InCluster(KubeEnvironment environment, TimeProvider time)
    {
        var (host, port) = (environment.Variable("KUBERNETES_SERVICE_HOST"), environment.Variable("KUBERNETES_SERVICE_PORT"));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port)) throw new KubeconfigException(KubeTexts.NotInCluster);
        var folder = environment.ServiceAccountDirectory;
        var authority = Path.Combine(folder, "ca.crt");
        try
        {
            var ownNamespace = Path.Combine(folder, "namespace");
            return new KubeConnection(new Uri($"https://{(host.Contains(':') ? $"[{host}]" : host)}:{port}"), "in-cluster")
            {
                Namespace = File.Exists(ownNamespace) ? File.ReadAllText(ownNamespace).Trim() : null,
                Trust = new(PemCertificate.Bundle(File.ReadAllText(authority)), false, null),
                Credential = new TokenFile(Path.Combine(folder, "token"), time),
            };
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeconfigException(KubeTexts.AuthorityUnusable(authority, unusable.Message), unusable);
        }
    }

    /// <summary>A new handler with this connection's trust, client certificate, proxy and credentials.</summary>
    public HttpMessageHandler CreateHandler()
    {
        var sockets = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseProxy = Proxy is not null || !Server.IsLoopback,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            // A connection that died without a word (NAT, pulled cable) would otherwise hold every later request until TCP gives up.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = Trust.ToSslOptions(Credential, Server.Host),
        };
        if (Proxy is not null) sockets.Proxy = new WebProxy(Proxy) { Credentials = CredentialsOf(Proxy) };
        return new CredentialHandler(Credential, Impersonation, Trust.ServerName, sockets);
    }

    private static bool IsInCluster(KubeEnvironment environment) =>
        !string.IsNullOrEmpty(environment.Variable("KUBERNETES_SERVICE_HOST")) && File.Exists(Path.Combine(environment.ServiceAccountDirectory, "token"));

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0) return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
