using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Layout;
using Portal.Operations;
using Portal.Tests.Core.Kubernetes;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Where a certificate cannot be used, page and log say so in one sentence, and the server is asked nothing.</summary>
[Collection(BrowserTests.Name)]
public sealed class UnusableCertificateTests(Chromium chromium) : IDisposable
{
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly KubeconfigFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_server_certificate_that_has_expired_is_to_be_renewed_on_the_control_plane()
    {
        await using var server = await StartAsync(LongAgo);

        await PageAndLogSayAsync(server, Trusting(_certificates), "{}", "expired on 2020-01-02 00:00:00Z. Renew it on the control plane (kubeadm certs renew)");
    }

    [Fact]
    public async Task A_server_of_another_CA_is_not_believed()
    {
        using var other = new TestCertificates("another-ca");
        await using var server = await StartAsync(null);

        await PageAndLogSayAsync(server, Trusting(other), "{}", "comes from a CA that is not trusted here (CN=test-ca). Put the cluster's own CA into certificate-authority-data");
    }

    [Fact]
    public async Task A_client_certificate_that_has_expired_is_to_be_renewed_in_the_kubeconfig()
    {
        var (certificate, key) = _certificates.Client("alice", notAfter: LongAgo);
        await using var server = await StartAsync(null);
        _folder.Write("alice.crt", certificate);
        _folder.Write("alice.key", key);

        await PageAndLogSayAsync(server, Trusting(_certificates), "client-certificate: alice.crt\nclient-key: alice.key", "alice.crt expired on 2020-01-02");
    }

    private Task<ScriptedServer> StartAsync(DateTimeOffset? notAfter) =>
        ScriptedServer.StartAsync(context => context.JsonAsync("{}"), listen => listen.UseHttps(_certificates.Server("127.0.0.1", notAfter: notAfter)));

    private static string Trusting(TestCertificates authority) => "certificate-authority-data: " + KubeconfigFolder.Base64(authority.AuthorityPem);

    private async Task PageAndLogSayAsync(ScriptedServer server, string cluster, string user, string english)
    {
        using var log = new LogLines();
        var kubeconfig = _folder.Config($"server: {server.Address}\n{cluster}", user).Path;
        await using var portal = await TestPortal.StartAsync(new() { Kubeconfig = kubeconfig }, Cancel, services => services.AddSingleton<ILoggerProvider>(log));
        await Eventually.PassesAsync(() => Assert.Single(log.With(english)), Cancel);

        var sentence = KubeProblem.Explain(ShownFreshness.Of(portal.Cluster).Problem!);
        foreach (var (culture, _) in Languages.All)
        {
            await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = culture.Name });
            await browser.GoToAsync("install");
            await Expect(browser.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = sentence.In(culture) })).ToBeVisibleAsync();
            browser.ExpectNoComplaints();
        }
        Assert.Single(log.With(english));
        Assert.Empty(server.Requests);
        Assert.Empty(portal.Services.GetRequiredService<OperationRunner>().Live.Current.Operations);
    }
}
