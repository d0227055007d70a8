using System.Text;
using Portal.Agent.Node.Reading;

namespace Portal.Agent.Files;

/// <summary>Writes a file wholly or not at all, also when the power fails: beside it, synced, then renamed over it, and the folder synced.</summary>
internal static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="mode">Its rights; those of the file that it takes the place of when there is one and this is null.</param>
    /// <exception cref="IOException">It could not be written; the old file is as it was.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel, UnixFileMode? mode = null)
    {
        var folder = Path.GetDirectoryName(path)!;
        // A name that begins with a dot is read by nobody who reads all files of a folder, such as the kubelet.
        var beside = Path.Combine(folder, $".{Path.GetFileName(path)}.new");
        var rights = mode ?? (File.Exists(path) ? File.GetUnixFileMode(path) : OwnerOnly);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = rights };
        await using (var file = new FileStream(beside, options))
        {
            await file.WriteAsync(content, cancel);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        Libc.SyncFolder(folder);
    }

    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken, UnixFileMode?)"/>
    public static Task WriteAsync(string path, string content, CancellationToken cancel, UnixFileMode? mode = null) =>
        WriteAsync(path, Encoding.UTF8.GetBytes(content), cancel, mode);
}
