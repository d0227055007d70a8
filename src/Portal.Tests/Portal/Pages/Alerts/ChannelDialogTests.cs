using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.Core.Alerts;
using Portal.Pages.Alerts;

namespace Portal.Tests.Portal.Pages.Alerts;

public sealed class ChannelDialogTests : DialogTests
{
    private static readonly ChannelSettings Webhook = new() { Url = "https://hooks.test/T0k3n", Secret = "SEC42" };

    public ChannelDialogTests()
    {
        Services.AddDataProtection();
        Services.AddAlertChannels();
    }

    private AlertChannels Channels => Services.GetRequiredService<AlertChannels>();

    [Fact]
    public async Task What_is_kept_is_not_shown_and_not_asked_for_again()
    {
        var dialog = Show(await KeepAsync("webhook", Webhook));

        Assert.DoesNotMatch("T0k3n|SEC42", dialog.Markup);
        Assert.Contains("it leads to hooks.test", dialog.Markup, StringComparison.Ordinal);
        Field(dialog, "Name").Input("on call");
        await SubmitAsync(dialog);

        Assert.True(IsClosed);
        Assert.Equal("on call", Channels.Live.Current.Channels.Single().Name);
        Assert.True((await Channels.FindAsync(Channels.Live.Current.Channels[0].Id, Cancel))!.HasSecret);
    }

    [Fact]
    public async Task A_new_address_asks_for_the_secret_again_until_it_is_entered_or_removed()
    {
        var dialog = Show(await KeepAsync("webhook", Webhook));

        Field(dialog, "Address").Input("https://other.test/");
        Assert.Contains("enter it again (Bearer token)", dialog.Find(".why").TextContent, StringComparison.Ordinal);
        await SubmitAsync(dialog);
        Assert.False(IsClosed);
        Field(dialog, "Bearer token").Input("new");
        Assert.Empty(dialog.FindAll(".why"));
        Field(dialog, "Bearer token").Input("");
        dialog.Find("input[type=checkbox]").Change(true);

        Assert.Empty(dialog.FindAll(".why"));
    }

    [Fact]
    public async Task A_new_mail_server_asks_for_the_password_again()
    {
        var dialog = Show(await KeepAsync("mail", new() { Host = "mail.test", User = "ada", Secret = "SEC42", From = "a@edge.test", To = "b@edge.test" }));

        Field(dialog, "Goes to").Input("c@edge.test");
        Assert.Empty(dialog.FindAll(".why"));
        Field(dialog, "Mail server").Input("other.test");

        Assert.Contains("enter it again (Password)", dialog.Find(".why").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_told_and_nothing_that_was_typed_is_lost()
    {
        var opened = await KeepAsync("mail", new() { Host = "mail.test", From = "a@edge.test", To = "b@edge.test" });
        var dialog = Show(opened);
        Field(dialog, "Name").Input("mine");
        Field(dialog, "Goes to").Input("mine@edge.test");
        await Channels.ChangeAsync(opened, new("theirs", new() { Host = "mail2.test", From = "a@edge.test", To = "b@edge.test" }, false, AlertSeverity.Critical, "en"), "bob", Cancel);

        await SubmitAsync(dialog);
        Assert.False(IsClosed);
        var told = dialog.Find(".problem").TextContent;
        Assert.Contains("changed meanwhile by bob", told, StringComparison.Ordinal);
        Assert.Contains("Name: theirs", told, StringComparison.Ordinal);
        Assert.Equal(["mine", "mine@edge.test", "mail2.test"], new[] { "Name", "Goes to", "Mail server" }.Select(label => Field(dialog, label).GetAttribute("value")));
        await SubmitAsync(dialog);

        Assert.True(IsClosed);
        var channel = Channels.Live.Current.Channels.Single();
        Assert.Equal(("mine", "mine@edge.test (mail2.test:587)", AlertSeverity.Critical), (channel.Name, channel.Shown, channel.LeastSeverity));
    }

    [Fact]
    public async Task What_was_deleted_meanwhile_is_made_anew_with_what_was_typed()
    {
        var opened = await KeepAsync("webhook", Webhook);
        var dialog = Show(opened);
        Field(dialog, "Name").Input("on call");
        await Channels.DeleteAsync(opened.Id, Cancel);

        await SubmitAsync(dialog);
        Assert.Contains("was deleted meanwhile", dialog.Find(".problem").TextContent, StringComparison.Ordinal);
        Assert.Contains("Enter the address", dialog.Find(".why").TextContent, StringComparison.Ordinal);
        Field(dialog, "Address").Input("https://hooks.test/new");
        await SubmitAsync(dialog);

        Assert.True(IsClosed);
        Assert.Equal(("on call", "hooks.test"), (Channels.Live.Current.Channels.Single().Name, Channels.Live.Current.Channels[0].Shown));
    }

    private async Task<OpenedChannel> KeepAsync(string kind, ChannelSettings settings)
    {
        await Channels.SaveAsync(kind, "ops", settings, AlertSeverity.Warning, "en", "ada", Cancel);
        return (await Channels.FindAsync(Channels.Live.Current.Channels.Single().Id, Cancel))!;
    }

    private IRenderedComponent<ChannelDialog> Show(OpenedChannel opened) =>
        Render<ChannelDialog>(parameters => parameters.Add(dialog => dialog.Opened, opened).Add(dialog => dialog.Closed, Closed));
}
