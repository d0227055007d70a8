using Microsoft.Playwright;
using Portal.Tests.Testing;

namespace Portal.Tests.Browser;

/// <summary>A portal that is killed and started again on the same data, and a browser that looks at its one operation.</summary>
internal sealed class MortalPortal(Chromium chromium, string kubeconfig) : IAsyncDisposable
{
    private const string Steps = "main ol > li";
    private const string Operation = "/activity/1";
    private const float OperationLimit = 240_000;

    private readonly TemporaryFolder _data = new();
    private PortalProcess? _process;
    private IPage? _page;

    public IPage Page => _page!;

    public async Task StartAsync(CancellationToken cancel)
    {
        _process = await PortalProcess.StartAsync(kubeconfig, _data.Path, cancel);
        _page = await chromium.Browser.NewPageAsync(new() { BaseURL = _process.Url.ToString(), Locale = "en-US" });
    }

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await Page.CloseAsync();
    }

    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(path);
        await Assertions.Expect(Page.Locator("main[data-interactive]")).ToBeAttachedAsync();
    }

    /// <summary>Presses a button of a page that starts the operation, and goes to where it is shown.</summary>
    public async Task PressAsync(string path, string button)
    {
        await GoToAsync(path);
        await Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator($"a[href='{Operation}']")).ToBeVisibleAsync();
        await GoToAsync(Operation);
    }

    public async Task ResumeAsync()
    {
        await GoToAsync(Operation);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
    }

    /// <summary>Completes when every step is done, and fails as soon as one has failed.</summary>
    public async Task OperationDoneAsync()
    {
        await Page.Locator($"{Steps}.failed, main ol:not(:has(> li:not(.done)))").First.WaitForAsync(new() { Timeout = OperationLimit });
        await Assertions.Expect(Page.Locator(Steps + ".failed")).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null) await _page.CloseAsync();
        if (_process is not null) await _process.DisposeAsync();
        _data.Dispose();
    }
}
