using System.Net;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task It_is_ready_when_the_cluster_has_been_read()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = portal.Url };

        Assert.Equal("ok", await http.GetStringAsync("readyz", TestContext.Current.CancellationToken));
        var metrics = await http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        Assert.Contains("portal_watch_live{kind=\"nodes\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE portal_watch_age_seconds gauge", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_that_cannot_be_read_is_named_in_the_page_and_the_portal_still_lives()
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Kubeconfig = "/nowhere/kubeconfig" }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = portal.Url };

        Assert.Equal("ok", await http.GetStringAsync("healthz", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("readyz", TestContext.Current.CancellationToken)).StatusCode);
        await Eventually.PassesAsync(async () =>
            Assert.Contains("/nowhere/kubeconfig", await http.GetStringAsync("", TestContext.Current.CancellationToken), StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }
}
