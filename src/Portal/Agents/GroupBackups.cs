using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Lvm;
using Portal.Database;

namespace Portal.Agents;

// lvm keeps such descriptions on the node itself, in /etc/lvm: they are gone with the disk that carries the system. A copy here is what a
// volume group can be brought back from on a new one.

/// <summary>Keeps the last descriptions of each volume group that commands have left (<c>vgcfgbackup(8)</c>).</summary>
public sealed partial class GroupBackups(IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<GroupBackups> logger) : IHostedService, IDisposable
{
    /// <summary>As many are kept per volume group.</summary>
    public const int Kept = 10;

    // A node has a few groups; whoever makes up names does not fill the disk.
    private const int KeptOfNode = 100;

    private const int LargestText = 2 << 20;

    private readonly SemaphoreSlim _gate = new(1);

    public Live<KeptBackups> Live { get; } = new(new([]));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await PublishAsync(database, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Keeps what a command's report brings; a report that is sent again brings nothing new.</summary>
    /// <exception cref="IOException">It could not be kept; the agent is to send it again.</exception>
    public async Task KeepAsync(string node, CommandReport report, CancellationToken cancel)
    {
        if (report.State == CommandState.Running || report.Backups.IsDefaultOrEmpty) return;
        await _gate.WaitAsync(cancel);
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancel);
            foreach (var backup in report.Backups.Where(backup => backup.Text.Length is > 0 and <= LargestText)) await AddAsync(database, node, report.OperationId, backup, cancel);
            await ForgetAsync(database, database.GroupBackups.Where(row => row.Node == node), KeptOfNode, cancel);
            await PublishAsync(database, cancel);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            LogNotKept(failed, node);
            throw new IOException("The description of a volume group could not be kept; send it again.", failed);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The description itself; null when it is not kept any more.</summary>
    public async Task<string?> FindTextAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.GroupBackups.AsNoTracking().Where(row => row.Id == id).Select(row => row.Text).FirstOrDefaultAsync(cancel);
    }

    public void Dispose() => _gate.Dispose();

    private async Task AddAsync(PortalDb database, string node, string operationId, VolumeGroupBackup backup, CancellationToken cancel)
    {
        var ofGroup = database.GroupBackups.Where(row => row.Node == node && row.VolumeGroup == backup.VolumeGroup);
        if (await ofGroup.AnyAsync(row => row.OperationId == operationId, cancel)) return;
        database.GroupBackups.Add(new() { Node = node, VolumeGroup = backup.VolumeGroup, OperationId = operationId, At = time.GetUtcNow(), Text = backup.Text });
        await database.SaveChangesAsync(cancel);
        await ForgetAsync(database, ofGroup, Kept, cancel);
    }

    private static async Task ForgetAsync(PortalDb database, IQueryable<GroupBackupRow> rows, int kept, CancellationToken cancel)
    {
        var old = await rows.OrderByDescending(row => row.Id).Select(row => row.Id).Skip(kept).ToListAsync(cancel);
        if (old.Count > 0) await database.GroupBackups.Where(row => old.Contains(row.Id)).ExecuteDeleteAsync(cancel);
    }

    private async Task PublishAsync(PortalDb database, CancellationToken cancel)
    {
        var rows = await database.GroupBackups.AsNoTracking().OrderByDescending(row => row.Id).Select(row => new { row.Id, row.Node, row.VolumeGroup, row.At }).ToListAsync(cancel);
        Live.Publish(new([.. rows.Select(row => new KeptBackup(row.Id, row.Node, row.VolumeGroup, row.At))]));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The description of a volume group of {Node} could not be kept; its agent sends it again")]
    private partial void LogNotKept(Exception failed, string node);
}
