using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Core.Kubernetes;

/// <summary>A certificate authority made for one test, and what it signs.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "test-ca")
    {
        var request = new CertificateRequest("CN=" + name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A server's certificate; a name that is an address becomes one.</summary>
    public X509Certificate2 Server(string name, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = Sign(request, notBefore, notAfter);
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client's certificate and key as PEM, in the form (SEC 1, PKCS#1) that kubeadm and k3s write.</summary>
    public (string Certificate, string Key) Client(string user, bool rsa = false, DateTimeOffset? notAfter = null)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaKey = RSA.Create(2048);
        var request = rsa
            ? new CertificateRequest("CN=" + user, rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=" + user, ec, HashAlgorithmName.SHA256);
        using var signed = Sign(request, null, notAfter);
        return (signed.ExportCertificatePem(), rsa ? rsaKey.ExportRSAPrivateKeyPem() : ec.ExportECPrivateKeyPem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset? notBefore, DateTimeOffset? notAfter) => request.Create(
        _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), notBefore ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero),
        notAfter ?? new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(8));
}
