using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Hosting;

/// <summary>The addresses for agents of other machines, on a portal that listens on ports.</summary>
public sealed class AgentListenerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private TestPortal _portal = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri ForAgents => new(_portal.AgentUrls.Single());

    private string AuthorityFile => Path.Combine(_folder.Path, "ca.crt");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(AuthorityFile, _certificates.AuthorityPem, Cancel);
        WriteCertificate(new DateTimeOffset(2080, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _portal = await TestPortal.StartAsync(Given("https://127.0.0.1:0"), Cancel, services => services.AddSingleton(new Scenario("without nodes", [])).AddSingleton(Pace.Instant));
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_agent_that_knows_the_authority_connects_and_one_that_does_not_stays_out()
    {
        var agents = _portal.Services.GetRequiredService<AgentRegistry>().Live;
        var tokens = _portal.Services.GetRequiredService<JoinTokens>();
        await using var stranger = new TestAgent(ForAgents, "edge-2", await tokens.CreateAsync("edge-2", TimeSpan.FromHours(1), "admin", Cancel));
        await using var agent = new TestAgent(ForAgents, "edge-1", await tokens.CreateAsync("edge-1", TimeSpan.FromHours(1), "admin", Cancel), authorityFile: AuthorityFile);

        await agents.UntilAsync(known => known.Find("edge-1") is { IsConnected: true }, Cancel);
        Assert.Null(agents.Current.Find("edge-2"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("volumes")]
    [InlineData("metrics")]
    [InlineData("_blazor/negotiate")]
    [InlineData("css/tokens.css")]
    public async Task Nothing_but_the_hub_is_there(string path)
    {
        using var client = Trusting();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(ForAgents, path), Cancel)).StatusCode);
        using var pages = new HttpClient();
        Assert.NotEqual(HttpStatusCode.NotFound, (await pages.GetAsync(new Uri(_portal.Url, path == "_blazor/negotiate" ? "" : path), Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_hub_lets_nobody_in_without_a_token_whatever_name_the_portal_is_called_by()
    {
        using var client = Trusting();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ForAgents, AgentContract.Path)) { Headers = { Host = "portal.example:8443" } };

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Pages_are_given_to_no_foreign_name()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, _portal.Url) { Headers = { Host = "attacker.example" } };

        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(request, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart()
    {
        Assert.Equal(2080, await YearOfServedAsync());

        WriteCertificate(new DateTimeOffset(2085, 6, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(2085, await YearOfServedAsync());
    }

    [Fact]
    public void Agents_are_served_with_a_certificate_or_not_at_all()
    {
        Assert.Contains("belong together", CommandLine.Parse(["--agent-urls=https://0.0.0.0:8443"]).Problem, StringComparison.Ordinal);
        Assert.Contains("in the clear", Parse("http://0.0.0.0:8443", "tls.key"), StringComparison.Ordinal);
        Assert.Contains("none.key", Parse("https://0.0.0.0:8443", "none.key"), StringComparison.Ordinal);
        Assert.Null(Parse("https://0.0.0.0:8443", "tls.key"));

        string? Parse(string url, string key) => CommandLine.Parse(
            ["--agent-urls", url, "--agent-certificate", Path.Combine(_folder.Path, "tls.crt"), "--agent-key", Path.Combine(_folder.Path, key)]).Problem;
    }

    private PortalOptions Given(string urls) => new()
    {
        Demo = true,
        AgentUrls = urls,
        AgentCertificate = Path.Combine(_folder.Path, "tls.crt"),
        AgentKey = Path.Combine(_folder.Path, "tls.key"),
    };

    private void WriteCertificate(DateTimeOffset until)
    {
        using var pair = _certificates.Server("127.0.0.1", notAfter: until);
        File.WriteAllText(Path.Combine(_folder.Path, "tls.key"), pair.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder.Path, "tls.crt"), pair.ExportCertificatePem());
        // The clock of files may be coarser than this test is quick.
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "tls.crt"), until.UtcDateTime.AddYears(-60));
    }

    private async Task<int> YearOfServedAsync()
    {
        var year = 0;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, served, _, _) =>
            {
                year = served!.NotAfter.Year;
                return true;
            },
        };
        using var client = new HttpClient(handler);
        await client.GetAsync(ForAgents, Cancel);
        return year;
    }

    private HttpClient Trusting()
    {
        var authorities = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        authorities.CustomTrustStore.ImportFromPem(_certificates.AuthorityPem);
        return new HttpClient(new SocketsHttpHandler { SslOptions = new()
        {
            CertificateChainPolicy = authorities,
            // Under the names of the Host header the certificate is not made out.
            RemoteCertificateValidationCallback = (_, _, _, errors) => errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNameMismatch,
        } });
    }
}
