using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Alerts;
using Portal.Alerts.Channels;
using Portal.Core.Alerts;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Database;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Alerts.Channels;

/// <summary>Channels on a database of their own, a server that they may lead to, and alerts to tell of.</summary>
public abstract class ChannelTest(TestDatabase database) : IAsyncLifetime
{
    private readonly TemporaryFolder _keys = new();
    private ServiceProvider _services = null!;
    private long _alert;

    protected TestDatabase Database { get; } = database;

    protected ManualTime Time { get; } = new();

    private protected ListeningServer Server { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected AlertChannels Channels => _services.GetRequiredService<AlertChannels>();

    public async ValueTask InitializeAsync()
    {
        await DatabaseServices.MigrateAsync(Database.Databases, Cancel);
        Server = await ListeningServer.StartAsync(Cancel);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(_keys.Path));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Database.Databases);
        services.AddAlertChannels();
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
        await _services.DisposeAsync();
        Database.Dispose();
        _keys.Dispose();
    }

    protected Task AddAsync(string kind, ChannelSettings settings, string language = "en") => Channels.SaveAsync(kind, "ops", settings, AlertSeverity.Warning, language, "ada", Cancel);

    /// <summary>Something happens to an alert, which channels have to tell.</summary>
    protected async Task ChangeAsync(AlertChangeKind kind, string text = "It is full.", bool isQuiet = false, AlertSeverity severity = AlertSeverity.Critical)
    {
        var alert = new Alert("volume-group-fill", "edge-1/myvg1", severity, Message.Verbatim(text), Message.Verbatim("Do something."), new(MendingPage.Nodes));
        var now = Time.GetUtcNow();
        var kept = new KeptAlert(kind == AlertChangeKind.Fired ? 0 : _alert, alert, now) { ResolvedAt = kind == AlertChangeKind.Resolved ? now : null };
        _alert = (await new AlertStore(Database.Databases).SaveAsync([new(kind, kept)], _ => isQuiet, now, Cancel))[alert.Key];
    }

    protected Task<int> SendAsync() => _services.GetRequiredService<AlertDelivery>().SendDueAsync(Cancel);
}
