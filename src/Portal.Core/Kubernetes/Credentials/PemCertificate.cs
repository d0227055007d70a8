using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>Certificates and keys in the PEM form that kubeconfig files and exec plugins use.</summary>
internal static class PemCertificate
{
    /// <summary>A client certificate with its private key (RSA or EC; PKCS#1, SEC 1 or PKCS#8). Throws <see cref="CryptographicException"/>.</summary>
    public static X509Certificate2 WithKey(string certificate, Secret key)
    {
        try
        {
            var loaded = X509Certificate2.CreateFromPem(certificate, key.Reveal());
            if (!OperatingSystem.IsWindows()) return loaded;
            // Windows' TLS cannot use a key that lives only in memory.
            using (loaded) return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
        }
        catch (ArgumentException notPem)
        {
            throw new CryptographicException(notPem.Message, notPem);
        }
    }

    /// <summary>Every certificate of a bundle. Throws <see cref="CryptographicException"/> when there is none.</summary>
    public static X509Certificate2Collection Bundle(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no PEM certificate in it");
    }
}
