using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Core.Kubernetes;

public sealed class TlsTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    private string Authority => "certificate-authority-data: " + KubeconfigFolder.Base64(_certificates.AuthorityPem);

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task The_clusters_own_CA_is_trusted_from_data_and_from_a_file_beside_the_kubeconfig()
    {
        await using var server = await StartAsync(_certificates.Server("127.0.0.1"));
        _folder.Write("pki/ca.crt", _certificates.AuthorityPem);

        Assert.Equal("HTTP/2", await ProtocolAsync(server, Authority));
        Assert.Equal("HTTP/2", await ProtocolAsync(server, "certificate-authority: pki/ca.crt"));
    }

    [Fact]
    public async Task Without_the_CA_the_server_is_not_believed_unless_that_is_asked_for()
    {
        using var other = new TestCertificates("another-ca");
        await using var server = await StartAsync(_certificates.Server("127.0.0.1"));

        Assert.Contains("a CA that is not trusted here (CN=test-ca)", await ProblemAsync(server, ""));
        Assert.Contains("a CA that is not trusted here (CN=test-ca)", await ProblemAsync(server, "certificate-authority-data: " + KubeconfigFolder.Base64(other.AuthorityPem)));
        Assert.Equal("HTTP/2", await ProtocolAsync(server, "insecure-skip-tls-verify: true"));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_and_accepted_under_tls_server_name()
    {
        await using var server = await StartAsync(_certificates.Server("kubernetes.default"));

        Assert.Contains("is for kubernetes.default, not for 127.0.0.1", await ProblemAsync(server, Authority));
        Assert.Contains("is for kubernetes.default, not for elsewhere", await ProblemAsync(server, Authority + "\ntls-server-name: elsewhere"));
        Assert.Equal("HTTP/2", await ProtocolAsync(server, Authority + "\ntls-server-name: kubernetes.default"));
    }

    [Fact]
    public async Task The_name_that_the_server_sees_is_tls_server_name()
    {
        var asked = "";
        var certificate = _certificates.Server("kubernetes.default");
        await using var server = await StartAsync(certificate, https => https.ServerCertificateSelector = (_, name) =>
        {
            asked = name;
            return certificate;
        });

        await ProtocolAsync(server, Authority + "\ntls-server-name: kubernetes.default");

        Assert.Equal("kubernetes.default", asked);
    }

    [Fact]
    public async Task An_expired_certificate_and_one_of_the_future_are_told_apart()
    {
        await using var expired = await StartAsync(_certificates.Server("127.0.0.1", notAfter: new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        await using var future = await StartAsync(_certificates.Server("127.0.0.1", notBefore: new DateTimeOffset(2080, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Contains("expired on 2020-01-02", await ProblemAsync(expired, Authority));
        Assert.Contains("valid only from 2080-01-01", await ProblemAsync(future, Authority));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_certificate_proves_who_asks(bool rsa)
    {
        var (certificate, key) = _certificates.Client("alice", rsa);
        await using var server = await StartAsync(_certificates.Server("127.0.0.1"), https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        });
        _folder.Write("alice.crt", certificate);
        _folder.Write("alice.key", key);

        Assert.Equal("CN=alice", await SubjectAsync(server, "client-certificate: alice.crt\nclient-key: alice.key"));
        Assert.Equal("CN=alice", await SubjectAsync(server, $"client-certificate-data: {KubeconfigFolder.Base64(certificate)}\nclient-key-data: {KubeconfigFolder.Base64(key)}"));
    }

    [Fact]
    public async Task An_expired_client_certificate_is_named_before_anything_is_sent()
    {
        var (certificate, key) = _certificates.Client("alice", notAfter: new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero));
        await using var server = await StartAsync(_certificates.Server("127.0.0.1"));
        _folder.Write("alice.crt", certificate);
        _folder.Write("alice.key", key);
        using var client = Connect(server, Authority, "client-certificate: alice.crt\nclient-key: alice.key");

        var problem = await Assert.ThrowsAsync<KubeconfigException>(() => client.GetAsync(Node.Kind, new(null, "a"), TestContext.Current.CancellationToken));

        Assert.Contains($"The client certificate {_folder.In("alice.crt")} expired on 2020-01-02", problem.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_plain_server_behind_an_https_address_is_said_to_be_no_secure_one()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.JsonAsync("{}"));
        using var client = new KubeClient(new KubeConnection(new Uri(server.Address.AbsoluteUri.Replace("http:", "https:")), "test"));

        var problem = await Assert.ThrowsAsync<KubeUnreachableException>(() => client.GetAsync(Node.Kind, new(null, "a"), TestContext.Current.CancellationToken));

        Assert.Contains("No secure connection", KubeProblem.Explain(problem).English);
    }

    private static Task<ScriptedServer> StartAsync(X509Certificate2 certificate, Action<HttpsConnectionAdapterOptions>? configure = null) => ScriptedServer.StartAsync(
        context => context.JsonAsync($$$"""{"metadata":{"name":"{{{context.Request.Protocol}}}","uid":"{{{context.Connection.ClientCertificate?.Subject}}}"}}"""),
        listen => listen.UseHttps(certificate, https => configure?.Invoke(https)));

    private KubeClient Connect(ScriptedServer server, string cluster, string user = "") =>
        new(KubeConnection.FromKubeconfig(_folder.Config($"server: {server.Address}\n{cluster}".TrimEnd(), user)));

    private async Task<Node> GetAsync(ScriptedServer server, string cluster, string user = "")
    {
        using var client = Connect(server, cluster, user);
        return await client.GetAsync(Node.Kind, new(null, "a"), TestContext.Current.CancellationToken);
    }

    private async Task<string> ProtocolAsync(ScriptedServer server, string cluster) => (await GetAsync(server, cluster)).Metadata.Name;

    private async Task<string> SubjectAsync(ScriptedServer server, string user) => (await GetAsync(server, Authority, user)).Metadata.Uid;

    private async Task<string> ProblemAsync(ScriptedServer server, string cluster) =>
        KubeProblem.Explain(await Assert.ThrowsAsync<KubeUnreachableException>(() => GetAsync(server, cluster))).English;
}
