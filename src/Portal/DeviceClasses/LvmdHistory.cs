using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Lvmd.Change;
using Portal.Database;
using Portal.Operations;

namespace Portal.DeviceClasses;

// What is remembered is what the cluster shows, not what was saved here: so an edit with kubectl has its place in the history as well,
// and can be undone like any other.

/// <summary>Remembers each text that an lvmd.yaml of the cluster has had, for looking back and rolling back.</summary>
public sealed partial class LvmdHistory(
    IDbContextFactory<PortalDb> databases, Live<StorageState> storage, OperationRunner runner, TimeProvider time, ILogger<LvmdHistory> logger) : BackgroundService
{
    // As many as a person looks back at, per file.
    private const int Kept = 50;

    public Live<LvmdVersions> Live { get; } = new(new([]));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changed = new Signal();
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = storage.Subscribe(changed.Set);
        changed.Set();
        try
        {
            await LoadAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await changed.WaitAsync(stoppingToken);
                await RecordAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task RecordAsync(CancellationToken cancel)
    {
        var isNew = false;
        foreach (var group in storage.Current.LvmdGroups)
        {
            if (group.Yaml is not { } text || Live.Current.Of(group.ConfigMapObject).FirstOrDefault()?.Text == text) continue;
            try
            {
                await AddAsync(group.ConfigMapObject, text, cancel);
                isNew = true;
            }
            catch (Exception failed) when (DatabaseProblem.IsOf(failed))
            {
                // The next change of the cluster tries again; until then the file lacks one version.
                LogNotKept(failed, group.ConfigMapName);
            }
        }
        if (!isNew) return;
        try
        {
            await LoadAsync(cancel);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            LogNotRead(failed);
        }
    }

    private async Task AddAsync(ObjectName configMap, string text, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var (ns, name) = (configMap.Namespace ?? "", configMap.Name);
        database.LvmdVersions.Add(new LvmdVersionRow
        {
            Namespace = ns,
            ConfigMap = name,
            At = time.GetUtcNow(),
            // A change that is under way is the one that made it.
            By = runner.Live.Current.RunningOn(DeviceClassOperation.Subject)?.StartedBy,
            Text = text,
        });
        await database.SaveChangesAsync(cancel);
        var old = await database.LvmdVersions.Where(row => row.Namespace == ns && row.ConfigMap == name).OrderByDescending(row => row.Id).Skip(Kept).ToListAsync(cancel);
        if (old.Count == 0) return;
        database.LvmdVersions.RemoveRange(old);
        await database.SaveChangesAsync(cancel);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.LvmdVersions.AsNoTracking().OrderByDescending(row => row.Id).ToListAsync(cancel);
        Live.Publish(new([.. rows.Select(row => new LvmdVersion(row.Id, new(row.Namespace, row.ConfigMap), row.At, row.By, row.Text))]));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A version of {ConfigMap} could not be kept")]
    private partial void LogNotKept(Exception failed, string configMap);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The versions of lvmd.yaml could not be read; they are with the next change")]
    private partial void LogNotRead(Exception failed);
}
