using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Core.Kubernetes.Kubeconfig;

/// <summary>Makes a connection of one context of a kubeconfig. What is wrong is said as a <see cref="KubeconfigException"/>.</summary>
internal sealed class KubeconfigConnector(MergedKubeconfig config, TimeProvider time)
{
    public KubeConnection Connect(string? contextName)
    {
        var name = string.IsNullOrEmpty(contextName) ? config.CurrentContext : contextName;
        var known = string.Join(", ", config.ContextNames);
        if (name is null) throw new KubeconfigException(KubeTexts.NoCurrentContext(config.Name, known));
        var context = config.FindContext(name) ?? throw new KubeconfigException(KubeTexts.ContextUnknown(name, config.Name, known));
        var cluster = config.FindCluster(context.Entry.Cluster)
            ?? throw new KubeconfigException(KubeTexts.ClusterUnknown(name, context.Entry.Cluster, config.Name));
        var user = context.Entry.User.Length == 0 ? null
            : config.FindUser(context.Entry.User) ?? throw new KubeconfigException(KubeTexts.UserUnknown(name, context.Entry.User, config.Name));
        var (trust, authority) = TrustOf(cluster);
        return new KubeConnection(AddressOf(cluster, context.Entry.Cluster), $"{context.File.Path} ({name})")
        {
            Namespace = string.IsNullOrEmpty(context.Entry.Namespace) ? null : context.Entry.Namespace,
            Trust = trust,
            Credential = user is null ? FixedCredential.None : CredentialOf(user, context.Entry.User, cluster.Entry, authority),
            Impersonation = user is null ? null : ImpersonationOf(user.Entry),
            Proxy = ProxyOf(cluster, context.Entry.Cluster),
        };
    }

    private static Uri AddressOf(FromFile<ClusterEntry> cluster, string name)
    {
        var server = cluster.Entry.Server ?? "";
        // kubectl takes an address without a scheme for plain HTTP.
        if (server.Length > 0 && !server.Contains("://", StringComparison.Ordinal)) server = "http://" + server;
        return Uri.TryCreate(server, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new KubeconfigException(KubeTexts.ServerInvalid(name, cluster.File.Path, cluster.Entry.Server ?? ""));
    }

    private static Uri? ProxyOf(FromFile<ClusterEntry> cluster, string name)
    {
        if (string.IsNullOrEmpty(cluster.Entry.ProxyUrl)) return null;
        return Uri.TryCreate(cluster.Entry.ProxyUrl, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw new KubeconfigException(KubeTexts.ProxyInvalid(name, cluster.File.Path));
    }

    private static (ServerTrust Trust, byte[]? Pem) TrustOf(FromFile<ClusterEntry> cluster)
    {
        var entry = cluster.Entry;
        var serverName = string.IsNullOrEmpty(entry.TlsServerName) ? null : entry.TlsServerName;
        if (entry.InsecureSkipTlsVerify) return (new(null, true, serverName), null);
        var source = PemOf(cluster, entry.CertificateAuthority, entry.CertificateAuthorityData, "certificate-authority");
        if (source is null) return (new(null, false, serverName), null);
        try
        {
            var pem = source.Read();
            return (new(PemCertificate.Bundle(pem), false, serverName), Encoding.UTF8.GetBytes(pem));
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeconfigException(KubeTexts.AuthorityUnusable(source.Path ?? cluster.File.Path, unusable.Message), unusable);
        }
    }

    private ICredential CredentialOf(FromFile<UserEntry> user, string name, ClusterEntry cluster, byte[]? authority)
    {
        var entry = user.Entry;
        if (entry.AuthProvider is { } provider) throw new KubeconfigException(KubeTexts.AuthProviderUnsupported(name, user.File.Path, provider.Name));
        ICredential credential = entry switch
        {
            { TokenFile: { Length: > 0 } file } => new TokenFile(user.Resolve(file)!, time),
            { Token: { Length: > 0 } token } => FixedCredential.Token(new Secret(token)),
            { Username: { Length: > 0 } login } => FixedCredential.Password(login, new Secret(entry.Password ?? "")),
            { Exec: not null } => new ExecPlugin(ExecEntries.ToCommand(entry.Exec, user, name, cluster, authority), time),
            _ => FixedCredential.None,
        };
        var certificate = PemOf(user, entry.ClientCertificate, entry.ClientCertificateData, "client-certificate");
        if (certificate is null) return credential;
        var key = PemOf(user, entry.ClientKey, entry.ClientKeyData, "client-key") ?? throw new KubeconfigException(KubeTexts.ClientKeyMissing(name, user.File.Path));
        var files = new ClientCertificateFiles(certificate, key, credential, time);
        // A certificate that cannot be read is said now, not with the first request.
        _ = files.ClientCertificate;
        return files;
    }

    /// <summary>Data wins over a file, as in kubectl.</summary>
    private static PemSource? PemOf<T>(FromFile<T> where, string? path, string? data, string field)
    {
        if (string.IsNullOrEmpty(data)) return where.Resolve(path) is { } file ? new PemSource(file, null) : null;
        try
        {
            return new(null, new Secret(Encoding.UTF8.GetString(Convert.FromBase64String(data))));
        }
        catch (FormatException notBase64)
        {
            throw new KubeconfigException(KubeTexts.DataInvalid(field + "-data", where.File.Path), notBase64);
        }
    }

    private static Impersonation? ImpersonationOf(UserEntry user)
    {
        if (string.IsNullOrEmpty(user.ImpersonateUser)) return null;
        return new(user.ImpersonateUser)
        {
            Uid = user.ImpersonateUid,
            Groups = [.. user.ImpersonateGroups ?? []],
            Extra = (user.ImpersonateExtra ?? []).ToImmutableDictionary(extra => extra.Key, extra => extra.Value.ToImmutableArray()),
        };
    }
}
