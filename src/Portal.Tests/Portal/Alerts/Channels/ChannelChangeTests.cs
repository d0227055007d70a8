using System.Text.Json;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.Core.Alerts;
using Portal.Core.Operations;
using Portal.Tests.Portal.Database;

namespace Portal.Tests.Portal.Alerts.Channels;

public abstract class ChannelChangeTests(TestDatabase database) : ChannelTest(database)
{
    private static readonly ChannelSettings Mail = new() { Host = "mail.edge.test", User = "ada", Secret = "old-secret", From = "storage@edge.test", To = "ada@edge.test" };

    private ShownChannel Shown => Channels.Live.Current.Channels.Single();

    [Fact]
    public async Task What_is_not_touched_stays_and_what_is_typed_counts()
    {
        await AddAsync("webhook", new() { Url = Server.Url, Secret = "let-me-in", PortalUrl = "https://portal.test/" });

        Assert.True((await SaveAsync(await OpenAsync(), new() { PortalUrl = "https://new.test/" }, name: "on call", least: AlertSeverity.Critical)).IsSaved);
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();

        Assert.Equal(("on call", AlertSeverity.Critical, true), (Shown.Name, Shown.LeastSeverity, Shown.IsEnabled));
        var received = Assert.Single(Server.Received);
        Assert.Equal("Bearer let-me-in", received.Authorization);
        Assert.Equal("https://new.test/nodes", received.Body.GetProperty("link").GetString());
        Assert.Equal("bob", (await OpenAsync()).SavedBy);
    }

    [Fact]
    public async Task A_kept_secret_is_not_sent_to_a_new_address_but_one_that_is_typed_for_it_is()
    {
        await AddAsync("webhook", new() { Url = "http://old.edge.test/hook", Secret = "old-secret" });

        var refused = await Assert.ThrowsAsync<OperationFailedException>(async () => await SaveAsync(await OpenAsync(), new() { Url = Server.Url }));
        Assert.StartsWith("The secret of channel ops was entered for another address", refused.Problem.English, StringComparison.Ordinal);
        Assert.Equal("old.edge.test", Shown.Shown);
        await SaveAsync(await OpenAsync(), new() { Url = Server.Url, Secret = "new-secret" });
        await Channels.TestAsync(Shown.Id, Cancel);

        Assert.Equal("Bearer new-secret", Assert.Single(Server.Received).Authorization);
    }

    [Fact]
    public async Task A_password_of_mail_goes_to_no_other_server_and_never_less_protected()
    {
        await AddAsync("mail", Mail);
        var typed = Mail with { Secret = "" };

        foreach (var elsewhere in new[] { typed with { Host = "mail.other.test" }, typed with { Port = 25 }, typed with { User = "eve" }, typed with { Security = "none" } })
            await Assert.ThrowsAsync<OperationFailedException>(async () => await SaveAsync(await OpenAsync(), elsewhere));
        Assert.True((await SaveAsync(await OpenAsync(), typed with { Host = "MAIL.edge.test", Security = "tls", To = "bob@edge.test" })).IsSaved);

        Assert.Equal("bob@edge.test (MAIL.edge.test:587)", Shown.Shown);
        Assert.True((await OpenAsync()).HasSecret);
    }

    [Fact]
    public async Task A_kept_secret_can_be_removed()
    {
        await AddAsync("webhook", new() { Url = "http://old.edge.test/hook", Secret = "old-secret" });

        await SaveAsync(await OpenAsync(), new() { Url = Server.Url }, dropsSecret: true);
        await Channels.TestAsync(Shown.Id, Cancel);

        Assert.Null(Assert.Single(Server.Received).Authorization);
        Assert.False((await OpenAsync()).HasSecret);
    }

    [Fact]
    public async Task What_is_opened_holds_nothing_that_is_secret()
    {
        await AddAsync("dingtalk", new() { Url = "https://oapi.dingtalk.test/robot/send?access_token=abcdef", Secret = "SEC42" });

        var opened = await OpenAsync();

        Assert.Equal(("oapi.dingtalk.test", true), (opened.LeadsTo, opened.HasSecret));
        Assert.DoesNotMatch("abcdef|SEC42", JsonSerializer.Serialize(opened) + opened);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_overwritten_but_told()
    {
        await AddAsync("webhook", new() { Url = Server.Url, Secret = "let-me-in" });
        var (mine, theirs) = (await OpenAsync(), await OpenAsync());
        await SaveAsync(theirs, new() { Secret = "changed" }, name: "theirs");

        var outcome = await SaveAsync(mine, new(), name: "mine");
        Assert.False(outcome.IsSaved);
        Assert.Equal("theirs", outcome.Theirs?.Name);
        Assert.Equal("theirs", Shown.Name);
        Assert.True((await SaveAsync(outcome.Theirs!, new(), name: "mine")).IsSaved);
        await Channels.TestAsync(Shown.Id, Cancel);

        Assert.Equal("Bearer changed", Assert.Single(Server.Received).Authorization);
    }

    [Fact]
    public async Task What_somebody_else_deleted_meanwhile_is_not_made_again()
    {
        await AddAsync("webhook", new() { Url = Server.Url });
        var opened = await OpenAsync();
        await Channels.DeleteAsync(opened.Id, Cancel);

        Assert.True((await SaveAsync(opened, new(), name: "mine")).IsGone);
        Assert.Empty(Channels.Live.Current.Channels);
    }

    [Fact]
    public async Task A_change_does_not_turn_on_what_was_turned_off_meanwhile()
    {
        await AddAsync("webhook", new() { Url = Server.Url });
        var opened = await OpenAsync();
        await Channels.EnableAsync(opened.Id, isEnabled: false, Cancel);

        Assert.True((await SaveAsync(opened, new(), name: "mine")).IsSaved);
        Assert.False(Shown.IsEnabled);
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_after_a_change_and_its_end_is_told_once()
    {
        await AddAsync("webhook", new() { Url = Server.Url });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();

        await SaveAsync(await OpenAsync(), new() { Url = Server.Url + "?team=2" }, least: AlertSeverity.Notice);
        await SendAsync();
        Time.Advance(TimeSpan.FromHours(1));
        await SendAsync();
        Assert.Single(Server.Received);
        await ChangeAsync(AlertChangeKind.Resolved);
        await SendAsync();
        await SendAsync();

        Assert.Equal(["firing", "resolved"], Server.Received.Select(one => one.Body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task What_waits_goes_to_the_new_address_at_once()
    {
        await AddAsync("webhook", new() { Url = "http://127.0.0.1:9/" });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();
        Assert.NotNull(Shown.LastProblem);

        await SaveAsync(await OpenAsync(), new() { Url = Server.Url });
        await SendAsync();

        Assert.Equal("firing", Assert.Single(Server.Received).Body.GetProperty("status").GetString());
        Assert.Null(Shown.LastProblem);
    }

    [Fact]
    public async Task A_change_amid_sending_counts_for_what_is_sent_next()
    {
        await using var second = await ListeningServer.StartAsync(Cancel);
        await AddAsync("webhook", new() { Url = Server.Url });
        await ChangeAsync(AlertChangeKind.Fired);
        await ChangeAsync(AlertChangeKind.Worsened);
        var opened = await OpenAsync();
        Server.Meanwhile = () => SaveAsync(opened, new() { Url = second.Url });

        await SendAsync();

        Assert.Equal("firing", Assert.Single(Server.Received).Body.GetProperty("status").GetString());
        Assert.Equal("worsened", Assert.Single(second.Received).Body.GetProperty("status").GetString());
    }

    private async Task<OpenedChannel> OpenAsync() => (await Channels.FindAsync(Shown.Id, Cancel))!;

    private Task<global::Portal.Database.SaveOutcome<OpenedChannel>> SaveAsync(OpenedChannel opened, ChannelSettings typed, string name = "ops", bool dropsSecret = false, AlertSeverity least = AlertSeverity.Warning) =>
        Channels.ChangeAsync(opened, new(name, typed, dropsSecret, least, "en"), "bob", Cancel);
}

public sealed class SqliteChannelChangeTests() : ChannelChangeTests(new());

public sealed class PostgresChannelChangeTests() : ChannelChangeTests(TestDatabase.OnPostgres());
