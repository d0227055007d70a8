using Portal.Agent.Files;
using Portal.Agent.Node;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Scheduler;

/// <summary>Puts a file in the place of another one, which is kept, and puts that back.</summary>
internal sealed class FileReplacement(string root)
{
    public async Task ReplaceAsync(ReplaceFile action, CancellationToken cancel)
    {
        var path = root + action.Path;
        if (File.Exists(path) != action.BackupPath is not null) throw new NodeActionException($"{action.Path} came or went since it was planned.");
        if (action.BackupPath is { } backup)
            await AtomicFile.WriteAsync(root + backup, await File.ReadAllBytesAsync(path, cancel), cancel, File.GetUnixFileMode(path));
        await AtomicFile.WriteAsync(path, action.Content, cancel);
    }

    /// <summary>Changes nothing unless the file holds what <see cref="ReplaceAsync"/> wrote.</summary>
    public async Task PutBackAsync(ReplaceFile action, CancellationToken cancel)
    {
        var path = root + action.Path;
        if (!File.Exists(path) || await File.ReadAllTextAsync(path, cancel) != action.Content) return;
        if (action.BackupPath is not { } backup) File.Delete(path);
        else await AtomicFile.WriteAsync(path, await File.ReadAllBytesAsync(root + backup, cancel), cancel);
    }
}
