using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.EntityFrameworkCore;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.Core.Alerts;
using Portal.Core.Operations;
using Portal.Tests.Portal.Database;

namespace Portal.Tests.Portal.Alerts.Channels;

public abstract class AlertChannelTests(TestDatabase database) : ChannelTest(database)
{
    [Fact]
    public async Task A_webhook_gets_all_that_is_known_once_for_each_change()
    {
        await AddAsync("webhook", new() { Url = Server.Url, Secret = "let-me-in", PortalUrl = "https://portal.test/" });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();
        await SendAsync();
        await ChangeAsync(AlertChangeKind.Resolved);
        await SendAsync();

        var received = Server.Received.ToArray();
        Assert.Equal(["firing", "resolved"], received.Select(one => one.Body.GetProperty("status").GetString()));
        Assert.Equal("Bearer let-me-in", received[0].Authorization);
        Assert.Equal("[critical] Volume group fill: edge-1/myvg1", received[0].Body.GetProperty("title").GetString());
        Assert.Equal("It is full.", received[0].Body.GetProperty("text").GetString());
        Assert.Equal("https://portal.test/nodes", received[0].Body.GetProperty("link").GetString());
        Assert.Equal("edge-1/myvg1", received[0].Body.GetProperty("object").GetString());
    }

    [Fact]
    public async Task A_dingtalk_robot_is_sent_what_it_can_verify_with_its_secret()
    {
        await AddAsync("dingtalk", new() { Url = Server.Url + "?access_token=abc", Secret = "SEC42" }, "zh-CN");
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();

        var (uri, _, body) = Assert.Single(Server.Received);
        var query = HttpUtility.ParseQueryString(uri.Query);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("SEC42"), Encoding.UTF8.GetBytes(query["timestamp"] + "\nSEC42")));
        Assert.Equal(("abc", expected), (query["access_token"], query["sign"]));
        Assert.Equal(Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), query["timestamp"]);
        Assert.Equal("[严重] 卷组使用率: edge-1/myvg1", body.GetProperty("markdown").GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_wecom_robot_is_never_sent_more_than_it_takes()
    {
        await AddAsync("wecom", new() { Url = Server.Url });
        await ChangeAsync(AlertChangeKind.Fired, new string('满', 5000));
        await SendAsync();

        var content = Assert.Single(Server.Received).Body.GetProperty("markdown").GetProperty("content").GetString()!;
        Assert.InRange(Encoding.UTF8.GetByteCount(content), 3000, 4096);
    }

    [Fact]
    public async Task Mail_arrives_and_a_refused_receiver_is_told()
    {
        await using var mail = new ListeningMailServer();
        await AddAsync("mail", new() { Host = "127.0.0.1", Port = mail.Port, Security = "none", From = "storage@edge.test", To = "ada@edge.test, bob@edge.test" });
        await ChangeAsync(AlertChangeKind.Fired, "卷组已满。");
        await SendAsync();

        var message = Assert.Single(mail.Received);
        Assert.Equal("[critical] Volume group fill: edge-1/myvg1", message.Subject);
        Assert.StartsWith("卷组已满。", message.TextBody, StringComparison.Ordinal);
        Assert.Equal(2, message.To.Count);

        mail.RecipientAnswer = "550 No such person";
        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => Channels.TestAsync(Channels.Live.Current.Channels[0].Id, Cancel));
        Assert.Contains("No such person", refused.Problem.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_later_and_only_until_it_was_taken()
    {
        Server.Answer = () => (503, "busy");
        await AddAsync("webhook", new() { Url = Server.Url });
        await ChangeAsync(AlertChangeKind.Fired);

        await SendAsync();
        await SendAsync();
        Assert.Single(Server.Received);
        Assert.Equal("HTTP 503 busy", Channels.Live.Current.Channels[0].LastProblem);
        Time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        Time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        Assert.Equal(2, Server.Received.Count);
        Server.Answer = () => (200, "");
        Time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        Time.Advance(TimeSpan.FromDays(1));
        await SendAsync();

        Assert.Equal(3, Server.Received.Count);
        Assert.Null(Channels.Live.Current.Channels[0].LastProblem);
    }

    [Theory]
    [InlineData("webhook", 403, "no", "HTTP 403 no")]
    [InlineData("dingtalk", 200, """{"errcode":310000,"errmsg":"sign not match"}""", "310000: sign not match")]
    [InlineData("wecom", 200, """{"errcode":93000,"errmsg":"invalid webhook url"}""", "93000: invalid webhook url")]
    public async Task What_would_be_refused_again_is_not_sent_again(string kind, int status, string answer, string problem)
    {
        Server.Answer = () => (status, answer);
        await AddAsync(kind, new() { Url = Server.Url });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();
        Time.Advance(TimeSpan.FromHours(1));
        await SendAsync();

        Assert.Single(Server.Received);
        Assert.Equal(problem, Channels.Live.Current.Channels[0].LastProblem);
    }

    [Fact]
    public async Task A_test_says_why_it_failed()
    {
        await AddAsync("webhook", new() { Url = "http://127.0.0.1:9/" });

        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => Channels.TestAsync(Channels.Live.Current.Channels[0].Id, Cancel));

        Assert.StartsWith("Channel ops did not take the message: ", failed.Problem.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_is_silenced_below_their_level_or_over_without_their_having_known()
    {
        await AddAsync("webhook", new() { Url = Server.Url });
        await Channels.SaveAsync("webhook", "critical only", new() { Url = Server.Url }, AlertSeverity.Critical, "en", "ada", Cancel);
        await ChangeAsync(AlertChangeKind.Fired, isQuiet: true);
        await ChangeAsync(AlertChangeKind.Resolved);
        await ChangeAsync(AlertChangeKind.Fired, severity: AlertSeverity.Warning);
        await SendAsync();

        Assert.Single(Server.Received);
    }

    [Fact]
    public async Task Secrets_are_not_readable_in_the_database()
    {
        await AddAsync("dingtalk", new() { Url = Server.Url + "?access_token=abcdef", Secret = "SEC42" });
        await using var database = await Database.Databases.CreateDbContextAsync(Cancel);

        var row = await database.Channels.SingleAsync(Cancel);

        Assert.DoesNotContain("abcdef", row.Protected, StringComparison.Ordinal);
        Assert.DoesNotContain("SEC42", row.Protected, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", Channels.Live.Current.Channels[0].Shown);
        Assert.DoesNotContain("SEC42", new ChannelSettings { Url = Server.Url, Secret = "SEC42" }.ToString(), StringComparison.Ordinal);
    }
}

public sealed class SqliteAlertChannelTests() : AlertChannelTests(new());

public sealed class PostgresAlertChannelTests() : AlertChannelTests(TestDatabase.OnPostgres());
