using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.Core.Alerts;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Database;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Alerts.Channels;

public abstract class AlertChannelTests(TestDatabase database) : IAsyncLifetime
{
    private readonly TestDatabase _database = database;
    private readonly TemporaryFolder _keys = new();
    private readonly ManualTime _time = new();
    private ServiceProvider _services = null!;
    private ListeningServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AlertChannels Channels => _services.GetRequiredService<AlertChannels>();

    public async ValueTask InitializeAsync()
    {
        await DatabaseServices.MigrateAsync(_database.Databases, Cancel);
        _server = await ListeningServer.StartAsync(Cancel);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(_keys.Path));
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(_database.Databases);
        services.AddAlertChannels();
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _database.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public async Task A_webhook_gets_all_that_is_known_once_for_each_change()
    {
        await AddAsync("webhook", new() { Url = _server.Url, Secret = "let-me-in", PortalUrl = "https://portal.test/" });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();
        await SendAsync();
        await ChangeAsync(AlertChangeKind.Resolved);
        await SendAsync();

        var received = _server.Received.ToArray();
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
        await AddAsync("dingtalk", new() { Url = _server.Url + "?access_token=abc", Secret = "SEC42" }, "zh-CN");
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();

        var (uri, _, body) = Assert.Single(_server.Received);
        var query = HttpUtility.ParseQueryString(uri.Query);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("SEC42"), Encoding.UTF8.GetBytes(query["timestamp"] + "\nSEC42")));
        Assert.Equal(("abc", expected), (query["access_token"], query["sign"]));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), query["timestamp"]);
        Assert.Equal("[严重] 卷组使用率: edge-1/myvg1", body.GetProperty("markdown").GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_wecom_robot_is_never_sent_more_than_it_takes()
    {
        await AddAsync("wecom", new() { Url = _server.Url });
        await ChangeAsync(AlertChangeKind.Fired, new string('满', 5000));
        await SendAsync();

        var content = Assert.Single(_server.Received).Body.GetProperty("markdown").GetProperty("content").GetString()!;
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
        _server.Answer = () => (503, "busy");
        await AddAsync("webhook", new() { Url = _server.Url });
        await ChangeAsync(AlertChangeKind.Fired);

        await SendAsync();
        await SendAsync();
        Assert.Single(_server.Received);
        Assert.Equal("HTTP 503 busy", Channels.Live.Current.Channels[0].LastProblem);
        _time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        Assert.Equal(2, _server.Received.Count);
        _server.Answer = () => (200, "");
        _time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync();
        _time.Advance(TimeSpan.FromDays(1));
        await SendAsync();

        Assert.Equal(3, _server.Received.Count);
        Assert.Null(Channels.Live.Current.Channels[0].LastProblem);
    }

    [Theory]
    [InlineData("webhook", 403, "no", "HTTP 403 no")]
    [InlineData("dingtalk", 200, """{"errcode":310000,"errmsg":"sign not match"}""", "310000: sign not match")]
    [InlineData("wecom", 200, """{"errcode":93000,"errmsg":"invalid webhook url"}""", "93000: invalid webhook url")]
    public async Task What_would_be_refused_again_is_not_sent_again(string kind, int status, string answer, string problem)
    {
        _server.Answer = () => (status, answer);
        await AddAsync(kind, new() { Url = _server.Url });
        await ChangeAsync(AlertChangeKind.Fired);
        await SendAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await SendAsync();

        Assert.Single(_server.Received);
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
        await AddAsync("webhook", new() { Url = _server.Url });
        await Channels.SaveAsync("webhook", "critical only", new() { Url = _server.Url }, AlertSeverity.Critical, "en", "ada", Cancel);
        await ChangeAsync(AlertChangeKind.Fired, isQuiet: true);
        await ChangeAsync(AlertChangeKind.Resolved);
        await ChangeAsync(AlertChangeKind.Fired, severity: AlertSeverity.Warning);
        await SendAsync();

        Assert.Single(_server.Received);
    }

    [Fact]
    public async Task Secrets_are_not_readable_in_the_database()
    {
        await AddAsync("dingtalk", new() { Url = _server.Url + "?access_token=abcdef", Secret = "SEC42" });
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);

        var row = await database.Channels.SingleAsync(Cancel);

        Assert.DoesNotContain("abcdef", row.Protected, StringComparison.Ordinal);
        Assert.DoesNotContain("SEC42", row.Protected, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", Channels.Live.Current.Channels[0].Shown);
        Assert.DoesNotContain("SEC42", new ChannelSettings { Url = _server.Url, Secret = "SEC42" }.ToString(), StringComparison.Ordinal);
    }

    private Task AddAsync(string kind, ChannelSettings settings, string language = "en") => Channels.SaveAsync(kind, "ops", settings, AlertSeverity.Warning, language, "ada", Cancel);

    private long _id;

    private async Task ChangeAsync(AlertChangeKind kind, string text = "It is full.", bool isQuiet = false, AlertSeverity severity = AlertSeverity.Critical)
    {
        var alert = new Alert("volume-group-fill", "edge-1/myvg1", severity, Message.Verbatim(text), Message.Verbatim("Do something."), new(MendingPage.Nodes));
        var now = _time.GetUtcNow();
        var kept = new KeptAlert(kind == AlertChangeKind.Fired ? 0 : _id, alert, now) { ResolvedAt = kind == AlertChangeKind.Resolved ? now : null };
        _id = (await new AlertStore(_database.Databases).SaveAsync([new(kind, kept)], _ => isQuiet, now, Cancel))[alert.Key];
    }

    private Task<int> SendAsync() => _services.GetRequiredService<AlertDelivery>().SendDueAsync(Cancel);
}

public sealed class SqliteAlertChannelTests() : AlertChannelTests(new());

public sealed class PostgresAlertChannelTests() : AlertChannelTests(TestDatabase.OnPostgres());
