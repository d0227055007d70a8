using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

// The API server trusts the webhook through a CA that exists for this one certificate: it is made in memory, signs once,
// and its key is thrown away. The pair and the public CA are kept in the Secret, so that an install that is resumed, or
// repeated, takes the same pair and the webhook configuration never trusts another CA than the one being served.

/// <summary>The certificate that TopoLVM's webhooks serve, its key, and the CA that the API server is told to trust.</summary>
public sealed class WebhookCertificate
{
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(30);
    private readonly string _keyPem;

    private WebhookCertificate(string caPem, string certificatePem, string keyPem)
    {
        CaPem = caPem;
        CertificatePem = certificatePem;
        _keyPem = keyPem;
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    public string CaPem { get; }
    public string CertificatePem { get; }

    /// <summary>SHA-256 of the server certificate: a pod template that carries it rolls when the certificate changes.</summary>
    public string Fingerprint { get; }

    /// <summary>As a webhook configuration holds it: base64 of PEM.</summary>
    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(CaPem));

    /// <summary>The names of the controller's Service under which the API server, or a person, may call it.</summary>
    public static ImmutableArray<string> NamesIn(string ns) =>
        [$"topolvm-controller.{ns}.svc", $"topolvm-controller.{ns}", "topolvm-controller", $"controller.{ns}.svc"];

    /// <summary>A new pair under a CA of its own, both valid for ten years from a day ago (nodes' clocks differ).</summary>
    public static WebhookCertificate Create(string ns, TimeProvider time)
    {
        var from = time.GetUtcNow().AddDays(-1);
        var to = from.AddYears(10);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=topolvm-webhook-ca, O=topolvm-portal", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        using var ca = caRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=topolvm-controller, O=topolvm-portal", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in NamesIn(ns)) names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        using var certificate = request.Create(ca, from, to, RandomNumberGenerator.GetBytes(16));
        return new(ca.ExportCertificatePem(), certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The pair that a Secret holds, with the CA beside it (or the one a webhook configuration trusts already, as other installers
    /// leave it); null when anything is missing, does not fit together, names another Service, or ends within 30 days.</summary>
    public static WebhookCertificate? FromSecret(KubeObject? secret, string? trustedCaBundle, string ns, TimeProvider time)
    {
        var certificatePem = Decode((string?)secret?.Json["data"]?["tls.crt"]);
        var keyPem = Decode((string?)secret?.Json["data"]?["tls.key"]);
        var caPem = Decode((string?)secret?.Json["data"]?["ca.crt"]) ?? Decode(trustedCaBundle);
        if (certificatePem is null || keyPem is null || caPem is null) return null;
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            using var ca = X509Certificate2.CreateFromPem(caPem);
            return pair.MatchesHostname(NamesIn(ns)[0]) && IsTrusted(pair, ca, time.GetUtcNow() + Renewal) ? new(caPem, certificatePem, keyPem) : null;
        }
        catch (CryptographicException)
        {
            // Not PEM, or a key of another certificate: as good as none.
            return null;
        }
    }

    /// <summary>The Secret that the controller mounts.</summary>
    public KubeObject ToSecret(ObjectName name) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
        ["type"] = "Opaque",
        ["data"] = new JsonObject { ["ca.crt"] = Encode(CaPem), ["tls.crt"] = Encode(CertificatePem), ["tls.key"] = Encode(_keyPem) },
    });

    /// <summary>Names the certificate, never its key.</summary>
    public override string ToString() => "webhook certificate " + Fingerprint;

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2 ca, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(certificate);
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private static string? Decode(string? base64)
    {
        if (string.IsNullOrEmpty(base64)) return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.ASCII.GetString(bytes, 0, length) : null;
    }
}
