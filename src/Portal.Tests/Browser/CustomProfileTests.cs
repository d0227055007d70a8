using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class CustomProfileTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_profile_of_ones_own_is_kept_for_everybody_and_is_what_is_installed()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var first = await BrowserSession.OpenAsync(chromium, portal);
        await using var second = await BrowserSession.OpenAsync(chromium, portal);
        await first.GoToAsync("install");
        await second.GoToAsync("install");
        var edited = InstallProfile.BuiltIn[0].Manifests.Replace("default-divisor: 1", "default-divisor: 7", StringComparison.Ordinal);

        await first.SaveProfileAsync("our site", edited);

        var profile = second.Page.GetByRole(AriaRole.Radio, new() { Name = "our site" });
        await Expect(profile).ToBeVisibleAsync();
        await profile.CheckAsync();
        await second.PressAsync("Install TopoLVM");
        await second.ExpectAllStepsAsync("done", atLeast: 10, 120_000);
        using var client = new KubeClient(portal.Simulated.Connection);
        var options = await client.GetAsync(ConfigMap.Kind, new("topolvm-system", "topolvm-scheduler-options"), Cancel);
        Assert.Contains("default-divisor: 7", options.Data["scheduler-options.yaml"], StringComparison.Ordinal);
        first.ExpectNoComplaints();
        second.ExpectNoComplaints();
    }
}
