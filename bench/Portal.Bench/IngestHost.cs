using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Database;
using Portal.Metrics;

namespace Portal.Bench;

/// <summary>The portal's own way from a sample to its history, without the web: inbox, history, folding, on a database of its own.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private IngestHost(ServiceProvider services)
    {
        _services = services;
        Databases = services.GetRequiredService<IDbContextFactory<PortalDb>>();
        History = new(new LiveMetrics(), TimeProvider.System, NullLogger<MetricHistory>.Instance);
        Inbox = new(Databases, [History.KeepAsync], [History.Kept], new AgentRegistry(TimeProvider.System), TimeProvider.System, NullLogger<SampleInbox>.Instance);
        var pruning = new HistoryPruning(HistoryOptions.Default, Databases, TimeProvider.System, NullLogger<HistoryPruning>.Instance);
        Folder = new(History, pruning, Databases, TimeProvider.System, NullLogger<HistoryFolder>.Instance);
    }

    public IDbContextFactory<PortalDb> Databases { get; }

    public MetricHistory History { get; }

    public SampleInbox Inbox { get; }

    public HistoryFolder Folder { get; }

    /// <param name="data">A folder for the file of SQLite, or a connection string of PostgreSQL.</param>
    public static async Task<IngestHost> StartAsync(string data)
    {
        var address = data.Contains('=', StringComparison.Ordinal) ? DatabaseAddress.Postgres(data) : DatabaseAddress.InFolder(data);
        var services = new ServiceCollection().AddPortalDatabase(address).AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).BuildServiceProvider();
        var host = new IngestHost(services);
        await DatabaseServices.MigrateAsync(host.Databases, CancellationToken.None);
        await host.History.LoadAsync(host.Databases, CancellationToken.None);
        await host.Inbox.StartAsync(CancellationToken.None);
        return host;
    }

    public async Task FoldAsync()
    {
        while (History.Times.Any(stream => stream.Value.IsDue)) await Folder.FoldDueAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Inbox.StopAsync(CancellationToken.None);
        Inbox.Dispose();
        Folder.Dispose();
        await _services.DisposeAsync();
    }
}
