using System.Collections.Immutable;
using System.Globalization;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Loops;

// A loop device lives until the node stops. The agent writes down the files it has made, and attaches them at each of its starts, before volume
// groups are activated: what was made from them is there again.

/// <summary>Makes and deletes files with loop devices on them, and has the devices come back.</summary>
public sealed class LoopKeeper(AgentOptions options, LoopFiles files, ProgramRunner runner)
{
    private const int Looks = 10;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private const string DirectIo = "--direct-io=on";

    /// <summary>Adds what the agent keeps to what is attached.</summary>
    public async Task<ImmutableArray<LoopDevice>> JoinAsync(ImmutableArray<LoopDevice> attached, CancellationToken cancel)
    {
        var kept = await files.ReadAsync(cancel);
        var waiting = kept.Except(attached.Select(loop => loop.FilePath)).Select(Waiting);
        return [.. attached.Select(loop => loop with { IsManaged = kept.Contains(loop.FilePath) }), .. waiting];
    }

    /// <summary>Attaches every file that the agent keeps and that is not attached.</summary>
    /// <returns>A sentence for each that could not be.</returns>
    public async Task<ImmutableArray<string>> AttachAllAsync(CancellationToken cancel)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var loop in await JoinAsync(await AttachedAsync(cancel), cancel))
        {
            if (loop.Path is not null) continue;
            var said = new List<string>();
            if (loop.IsFileMissing) problems.Add($"The file {loop.FilePath} of a loop device is not there any more.");
            else if (await AttachAsync(["losetup", "--find", "--show", DirectIo, loop.FilePath], said.Add, cancel) is var code and not 0)
                problems.Add($"losetup failed ({code}) for {loop.FilePath}: {string.Join(' ', said)}");
        }
        return problems.ToImmutable();
    }

    /// <summary>Whether a program is one that <see cref="AttachAsync"/> runs.</summary>
    public static bool IsAttaching(ImmutableArray<string> words) => words[0] == "losetup" && words.Contains(DirectIo);

    /// <summary>Runs losetup with direct I/O, and without where the file system refuses it; a file that is attached already is left alone.</summary>
    public async Task<int> AttachAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel)
    {
        if (await DeviceOfAsync(words[^1], cancel) is { } device)
        {
            said(device);
            return 0;
        }
        var code = await runner.RunAsync(words, said, cancel);
        if (code == 0) return 0;
        // losetup first attaches, then asks for direct I/O: it may have failed at either.
        if (await DeviceOfAsync(words[^1], cancel) is null) return await runner.RunAsync(words.Remove(DirectIo), said, cancel);
        return 0;
    }

    public async Task MakeFileAsync(MakeLoopFile action, Action<string> said, CancellationToken cancel)
    {
        var seen = files.Seen(action.Path);
        if (File.Exists(seen)) throw new NodeActionException($"{action.Path} is there already.");
        Directory.CreateDirectory(Path.GetDirectoryName(seen)!);
        var beside = Beside(action.Path);
        File.Delete(options.HostRoot + beside);
        var bytes = action.SizeBytes.ToString(CultureInfo.InvariantCulture);
        if (await runner.RunAsync(["fallocate", "--length", bytes, beside], said, cancel) is var code and not 0)
        {
            File.Delete(options.HostRoot + beside);
            throw new NodeActionException($"{action.Path} could not be made: fallocate failed ({code}).");
        }
        File.SetUnixFileMode(options.HostRoot + beside, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Written down first: a file that nobody keeps would fill the disk unseen.
        await files.AddAsync(action.Path, cancel);
        File.Move(options.HostRoot + beside, seen);
        Node.Reading.Libc.SyncFolder(Path.GetDirectoryName(seen)!);
    }

    /// <summary>Deletes the file, or what there is of it, unless a device lies on it.</summary>
    public async Task DeleteFileAsync(string path, CancellationToken cancel)
    {
        var seen = files.Seen(path);
        // The kernel lets a detached device go when the last one who looks at it has closed it.
        for (var looks = 0; looks < Looks && await DeviceOfAsync(path, cancel) is not null; looks++) await Task.Delay(LookEvery, cancel);
        if (await DeviceOfAsync(path, cancel) is { } device) throw new NodeActionException($"{path} is not deleted: {device} lies on it.");
        File.Delete(options.HostRoot + Beside(path));
        File.Delete(seen);
        await files.RemoveAsync(path, cancel);
    }

    private LoopDevice Waiting(string path)
    {
        var file = new FileInfo(options.HostRoot + path);
        return new(null, path, file.Exists ? file.Length : 0, IsManaged: true, IsDirectIo: false) { IsFileMissing = !file.Exists };
    }

    private async Task<string?> DeviceOfAsync(string path, CancellationToken cancel) =>
        (await AttachedAsync(cancel)).FirstOrDefault(loop => loop.FilePath == path && !loop.IsFileMissing)?.Path;

    private async Task<ImmutableArray<LoopDevice>> AttachedAsync(CancellationToken cancel) =>
        LosetupReport.Parse(await runner.ReadAsync(["losetup", .. LosetupReport.Arguments], cancel), []);

    private static string Beside(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
}
