using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.AutoExpand;
using Portal.Core.Alerts;
using Portal.Simulator;
using Portal.Tests.Portal.Alerts.Channels;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class AlertsJourneyTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 60_000 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_threshold_is_set_its_alert_is_told_acknowledged_and_silenced()
    {
        await using var server = await ListeningServer.StartAsync(Cancel);
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var page = browser.Page;

        await browser.GoToAsync("alerts/settings");
        await browser.PressAsync("New channel");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("on call");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Address", new() { Exact = true }).FillAsync(server.Url);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await browser.PressAsync("Send a test message");
        await Expect(page.GetByText("Channel on call took the test message.")).ToBeVisibleAsync(Patiently);
        await page.GetByLabel("Thin pool data: warning from").FillAsync("10");
        await page.GetByLabel("Thin pool data: critical from").FillAsync("11");
        await page.GetByLabel("Thin pool data: critical from").BlurAsync();
        await browser.PressAsync("Save");
        var board = portal.Services.GetRequiredService<AlertWatch>().Live;
        await Eventually.PassesAsync(() => Assert.Equal(11, board.Current.Thresholds.ThinData.Critical), Cancel);

        await browser.GoToAsync("alerts?rule=thin-pool-data&state=open");
        await Expect(page.GetByText("Thin pool myvg1/pool0 on node worker-1 is").First).ToBeVisibleAsync(Patiently);
        await Eventually.PassesAsync(() => Assert.Contains(server.Received, one => one.Body.GetProperty("rule").GetString() == "thin-pool-data"), Cancel);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open alerts:" }).ClickAsync();
        await Expect(page.Locator("#bell-list").GetByText("Thin pool myvg1/pool0 on node worker-1 is")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "node worker-1" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await browser.PressAsync("Silence");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("the disk is on its way");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Silence" }).ClickAsync();
        await Expect(page.GetByText("the disk is on its way")).ToBeVisibleAsync();
        await browser.PressAsync("Acknowledge");

        await Eventually.PassesAsync(() => Assert.Single(board.Current.Firing, kept => kept is { AcknowledgedBy: not null, Alert.Object: "worker-1/myvg1/pool0" }), Cancel);
        Assert.Equal("the disk is on its way", Assert.Single(board.Current.Silences).Why);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_channel_and_a_policy_are_changed_and_what_is_secret_stays_where_it_belongs()
    {
        await using var server = await ListeningServer.StartAsync(Cancel);
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var (page, dialog) = (browser.Page, browser.Page.GetByRole(AriaRole.Dialog));
        var channels = portal.Services.GetRequiredService<AlertChannels>();
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        await channels.SaveAsync("webhook", "on call", new() { Url = server.Url, Secret = "let-me-in" }, AlertSeverity.Warning, "en", "ada", Cancel);
        await policies.SaveAsync(null, null, "topolvm-thin", new() { LimitBytes = 100L << 30 }, isEnabled: false, "ada", Cancel);
        await browser.GoToAsync("alerts/settings");

        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("it leads to 127.0.0.1");
        Assert.DoesNotMatch("let-me-in|/hook", await page.ContentAsync());
        await dialog.GetByLabel("Name").FillAsync("night shift");
        var id = channels.Live.Current.Channels[0].Id;
        await channels.ChangeAsync((await channels.FindAsync(id, Cancel))!, new("day shift", new(), false, AlertSeverity.Critical, "en"), "bob", Cancel);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("on call was changed meanwhile by bob, in fields that you changed too: Name: day shift");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "night shift" })).ToContainTextAsync("critical");
        await browser.PressAsync("Send a test message");
        await Expect(page.GetByText("Channel night shift took the test message.")).ToBeVisibleAsync(Patiently);
        // Alerts of the cluster may be told besides.
        Assert.Contains(server.Received, one => one.Body.GetProperty("rule").GetString() == "test");
        Assert.All(server.Received, one => Assert.Equal("Bearer let-me-in", one.Authorization));

        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await dialog.GetByLabel("Address", new() { Exact = true }).FillAsync("https://elsewhere.test/");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveAttributeAsync("aria-disabled", "true");
        await Expect(dialog).ToContainTextAsync("enter it again (Bearer token), or remove it");
        await dialog.GetByLabel("Bearer token", new() { Exact = true }).FillAsync("for-elsewhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "night shift" })).ToContainTextAsync("elsewhere.test");

        await browser.PressAsync("Change the policy");
        await Expect(dialog.GetByLabel("The policy is in force")).Not.ToBeCheckedAsync();
        await dialog.GetByLabel("Never larger than").FillAsync("50 GiB");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "StorageClass topolvm-thin" })).ToContainTextAsync("up to 50 GiB");
        Assert.False(Assert.Single(policies.Live.Current.Policies).IsEnabled);
        browser.ExpectNoComplaints();
    }
}
