using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>A PEM text: a file, which may be renewed while the portal runs, or data in the kubeconfig.</summary>
internal sealed record PemSource(string? Path, Secret? Data)
{
    /// <summary>How an error names it.</summary>
    public string Name => Path ?? "data";

    /// <summary>When a file was written; always the same for data.</summary>
    public DateTime WrittenAt => Path is null ? default : File.GetLastWriteTimeUtc(Path);

    public string Read() => Path is null ? Data!.Reveal() : File.ReadAllText(Path);
}

/// <summary>A client certificate beside another credential (or none); its files are read again when they change.</summary>
internal sealed class ClientCertificateFiles(PemSource certificate, PemSource key, ICredential inner, TimeProvider time) : ICredential
{
    private readonly Lock _gate = new();
    private X509Certificate2? _loaded;
    private (DateTime, DateTime) _writtenAt;

    public X509Certificate2? ClientCertificate => Load();

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancel)
    {
        var current = Load();
        // Go's API server answers an expired certificate with a bare 401, so that nobody would learn why.
        if (current.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime)
            throw new KubeconfigException(KubeTexts.ClientCertificateExpired(certificate.Name, current.NotAfter.ToUniversalTime().ToString("u")));
        return inner.AuthorizeAsync(cancel);
    }

    public ValueTask<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancel) => inner.RenewAsync(refused, cancel);

    private X509Certificate2 Load()
    {
        lock (_gate)
        {
            try
            {
                var writtenAt = (certificate.WrittenAt, key.WrittenAt);
                if (_loaded is not null && writtenAt == _writtenAt) return _loaded;
                // The old one is not disposed: a handshake may be using it.
                _loaded = PemCertificate.WithKey(certificate.Read(), new Secret(key.Read()));
                _writtenAt = writtenAt;
                return _loaded;
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new KubeconfigException(KubeTexts.ClientCertificateUnusable(certificate.Name, key.Name, unusable.Message), unusable);
            }
        }
    }
}
