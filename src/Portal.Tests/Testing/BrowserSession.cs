using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Portal.Tests.Testing;

/// <summary>One person's browser window on a portal; remembers every complaint of the console and every request that left the portal's origin.</summary>
public sealed class BrowserSession : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _portal;
    private readonly ConcurrentQueue<string> _complaints = new();

    private BrowserSession(IBrowserContext context, IPage page, Uri portal) => (_context, Page, _portal) = (context, page, portal);

    public IPage Page { get; }

    /// <param name="through">Where the browser finds the portal; null for the portal's own address.</param>
    public static async Task<BrowserSession> OpenAsync(Chromium chromium, TestPortal portal, BrowserNewContextOptions? options = null, Uri? through = null)
    {
        options ??= new();
        options.Locale ??= "en-US";
        var address = through ?? portal.Url;
        options.BaseURL = address.ToString();
        options.ReducedMotion ??= ReducedMotion.Reduce;
        var context = await chromium.Browser.NewContextAsync(options);
        var session = new BrowserSession(context, await context.NewPageAsync(), address);
        session.Listen();
        return session;
    }

    /// <summary>Opens a page of the portal and waits until it answers to clicks.</summary>
    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(path);
        await Assertions.Expect(Page.Locator("main[data-interactive]")).ToBeAttachedAsync();
    }

    /// <summary>Presses a button once it can be pressed.</summary>
    public async Task PressAsync(string name)
    {
        var button = Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await Assertions.Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true", new() { Timeout = 60_000 });
        await button.ClickAsync();
    }

    /// <summary>On the Install page in English: keeps a YAML as a profile of one's own, which is chosen then.</summary>
    public async Task SaveProfileAsync(string name, string yaml)
    {
        await Page.GetByText("Edit the YAML of this profile").ClickAsync();
        var manifests = Page.GetByRole(AriaRole.Textbox, new() { Name = "Manifests" });
        // The profile's own YAML arrives after the field has opened.
        await Assertions.Expect(manifests).Not.ToHaveValueAsync("");
        await manifests.FillAsync(yaml);
        await Page.GetByLabel("Name of the profile").FillAsync(name);
        await Page.Keyboard.PressAsync("Tab");
        await PressAsync("Save the profile");
        await Assertions.Expect(Page.GetByRole(AriaRole.Radio, new() { Name = name })).ToBeCheckedAsync();
    }

    /// <summary>The steps of the operation on the page, each as "name state".</summary>
    public async Task<IReadOnlyList<string>> StepsAsync() => await Page.Locator("ol.steps > li").EvaluateAllAsync<string[]>(
        "steps => steps.map(step => step.querySelector('.name').textContent + ' ' + step.querySelector('.state').textContent)");

    /// <summary>Waits until every step of the operation on the page is in a state.</summary>
    public async Task ExpectAllStepsAsync(string state, int atLeast, float timeout)
    {
        var steps = Page.Locator("ol.steps > li");
        await Assertions.Expect(steps.Nth(atLeast - 1)).ToBeVisibleAsync();
        await Assertions.Expect(steps.Filter(new() { HasNotText = state })).ToHaveCountAsync(0, new() { Timeout = timeout });
    }

    /// <summary>Fails when the console complained or anything was fetched from elsewhere.</summary>
    public void ExpectNoComplaints() => Assert.Empty(_complaints);

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        Page.PageError += (_, error) => _complaints.Enqueue("exception: " + error);
        Page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("data:", StringComparison.Ordinal)) return;
            if (new Uri(request.Url).Authority != _portal.Authority) _complaints.Enqueue("request to elsewhere: " + request.Url);
        };
    }
}
