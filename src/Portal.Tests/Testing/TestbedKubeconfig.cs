using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Testing;

/// <summary>Reads the kubeconfig that the test bed writes: one cluster, one user with a client certificate.</summary>
public static partial class TestbedKubeconfig
{
    public static KubeConnection Read(string path)
    {
        var fields = Fields().Matches(File.ReadAllText(path)).ToDictionary(field => field.Groups[1].Value, field => field.Groups[2].Value);
        var authority = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(fields["certificate-authority-data"]));
        using var pem = X509Certificate2.CreateFromPem(
            Encoding.ASCII.GetString(Convert.FromBase64String(fields["client-certificate-data"])),
            Encoding.ASCII.GetString(Convert.FromBase64String(fields["client-key-data"])));
        var client = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return new(new Uri(fields["server"]), path, () => new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [client],
                CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }

    [GeneratedRegex("""(server|certificate-authority-data|client-certificate-data|client-key-data): "?([^",}\s]+)""")]
    private static partial Regex Fields();
}
