using System.Net;
using System.Net.Sockets;
using Portal.Hosting;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Cluster;

/// <summary>A cluster that cannot be reached does not keep the portal from starting: its pages say what is wrong and what to do.</summary>
public sealed class ClusterProblemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_missing_kubeconfig_is_named() =>
        PageSaysAsync(Path.Combine(_folder.Path, "nowhere"), "nowhere");

    [Fact]
    public Task Broken_yaml_is_named_with_its_line() =>
        PageSaysAsync(Written("clusters:\n  - name: [unclosed\n"), "line 2");

    [Fact]
    public Task An_unknown_context_is_named() =>
        PageSaysAsync(Kubeconfig("https://127.0.0.1:1", current: "nobody-knows"), "nobody-knows");

    [Fact]
    public Task A_server_that_does_not_answer_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return PageSaysAsync(Kubeconfig($"https://127.0.0.1:{port}"), $"127.0.0.1:{port}");
    }

    private static async Task PageSaysAsync(string kubeconfig, string what)
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Kubeconfig = kubeconfig }, Cancel);
        using var http = new HttpClient { BaseAddress = portal.Url };

        await Eventually.PassesAsync(async () => Assert.Contains(what, WebUtility.HtmlDecode(await http.GetStringAsync(new Uri(portal.Url, "install"), Cancel)), StringComparison.Ordinal), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(portal.Url, "readyz"), Cancel)).StatusCode);
    }

    private string Kubeconfig(string server, string current = "site") => Written($$$"""
        apiVersion: v1
        kind: Config
        clusters: [{name: site, cluster: {server: "{{{server}}}"}}]
        contexts: [{name: site, context: {cluster: site, user: me}}]
        users: [{name: me, user: {token: secret-of-this-test}}]
        current-context: {{{current}}}
        """);

    private string Written(string text)
    {
        var path = Path.Combine(_folder.Path, "config");
        File.WriteAllText(path, text);
        return path;
    }
}
