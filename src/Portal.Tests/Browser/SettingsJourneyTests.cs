using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Agents;
using Portal.Core.Kubernetes.Credentials;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class SettingsJourneyTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_join_token_is_shown_once_lets_its_node_in_and_is_revoked()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var agents = portal.Services.GetRequiredService<AgentRegistry>().Live;
        await browser.GoToAsync("settings");

        await browser.PressAsync("New join token");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Create token" })).ToHaveAttributeAsync("aria-disabled", "true");
        await browser.Page.GetByLabel("Node", new() { Exact = true }).FillAsync("edge-hangzhou-1");
        await browser.PressAsync("Create token");
        var token = await browser.Page.GetByLabel("Join token", new() { Exact = true }).InnerTextAsync();
        await browser.PressAsync("I have put it there");
        await Expect(browser.Page.GetByText(token)).ToHaveCountAsync(0);

        await using var agent = new TestAgent(portal.Url, "edge-hangzhou-1", new Secret(token));
        await agents.UntilAsync(known => known.Find("edge-hangzhou-1") is { IsConnected: true }, Cancel);
        await browser.PressAsync("Revoke");
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Expect(browser.Page.GetByRole(AriaRole.Row, new() { Name = "edge-hangzhou-1" }).First).ToContainTextAsync("Revoked");
        await agents.UntilAsync(known => known.Find("edge-hangzhou-1") is { IsConnected: false }, Cancel);
        await Expect(browser.Page.GetByText("was revoked")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        browser.ExpectNoComplaints();
    }
}
