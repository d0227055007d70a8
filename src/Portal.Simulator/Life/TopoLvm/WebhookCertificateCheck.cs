using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Whether kube-apiserver would trust the certificate that a webhook serves. The reasons are those of Go's x509 package.</summary>
internal static class WebhookCertificateCheck
{
    /// <param name="caBundle">The webhook configuration's caBundle: base64 of PEM.</param>
    /// <param name="certificate">The Secret's tls.crt: base64 of PEM.</param>
    public static string? WhyRefused(string caBundle, string certificate, string host, DateTimeOffset now)
    {
        X509Certificate2Collection trusted = [];
        X509Certificate2Collection served = [];
        try
        {
            trusted.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(caBundle)));
            served.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(certificate)));
            return served.Count == 0 ? "remote error: tls: unrecognized name" : Problem(trusted, served[0], host, now);
        }
        catch (Exception broken) when (broken is FormatException or CryptographicException)
        {
            return "x509: certificate signed by unknown authority";
        }
        finally
        {
            foreach (var one in trusted.Concat(served)) one.Dispose();
        }
    }

    private static string? Problem(X509Certificate2Collection trusted, X509Certificate2 served, string host, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        if (!chain.Build(served)) return "x509: certificate signed by unknown authority";
        if (now < served.NotBefore || now > served.NotAfter) return "x509: certificate has expired or is not yet valid";
        return served.MatchesHostname(host) ? null : $"x509: certificate is valid for other names, not {host}";
    }
}
