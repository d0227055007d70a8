using Microsoft.Playwright;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The disks and volume groups on a node's page in English, and the way through their dialogs.</summary>
internal static class DisksOnPage
{
    public static ILocator Disk(this BrowserSession browser, string path) =>
        browser.Page.Locator("ul.disks > li").Filter(new() { Has = browser.Page.GetByText(path, new() { Exact = true }) });

    public static ILocator Group(this BrowserSession browser, string name) => browser.Page.GetByRole(AriaRole.Article, new() { Name = name });

    /// <summary>Presses a button of the page, once it can be pressed.</summary>
    /// <returns>The dialog that it opens.</returns>
    public static async Task<ILocator> OpenDialogAsync(this BrowserSession browser, string button)
    {
        await browser.PressAsync(button);
        return browser.Page.GetByRole(AriaRole.Dialog);
    }

    /// <inheritdoc cref="OpenDialogAsync(BrowserSession, string)"/>
    /// <param name="place">The part of the page that has this button only once.</param>
    public static async Task<ILocator> OpenDialogAsync(this BrowserSession browser, ILocator place, string button)
    {
        await PressAsync(place, button);
        return browser.Page.GetByRole(AriaRole.Dialog);
    }

    /// <summary>Types the name that the plan asks for, and has it carried out; the dialog has gone then.</summary>
    public static async Task ConfirmAsync(this ILocator dialog, string name, string submit)
    {
        await dialog.GetByLabel($"Type {name} to confirm").FillAsync(name);
        await PressAsync(dialog, submit);
        await Expect(dialog).ToHaveCountAsync(0);
    }

    public static async Task AddLoopDeviceAsync(this BrowserSession browser, string file, string size)
    {
        var dialog = await browser.OpenDialogAsync("Add loop device");
        await dialog.GetByLabel("File name").FillAsync(file);
        await dialog.GetByLabel("Size", new() { Exact = true }).FillAsync(size);
        await dialog.ConfirmAsync(file, "Add loop device");
    }

    private static async Task PressAsync(ILocator place, string name)
    {
        var button = place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true", new() { Timeout = 60_000 });
        await button.ClickAsync();
    }
}
