using System.Diagnostics;
using Portal.Agent;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent;

/// <summary>Tests that use the machine's own LVM run one at a time: it looks at every disk.</summary>
[CollectionDefinition(Name)]
public sealed class RealLvm
{
    public const string Name = "LVM";
}

/// <summary>Loop devices and volume groups of one test, on a folder of its own that is not a temporary one; all are taken away at the end. Needs root.</summary>
public sealed class RealDisks : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateDirectory($"/var/lib/portal-test-{Guid.NewGuid():N}").FullName;
    private readonly List<string> _mounts = [];
    private readonly List<string> _groups = [];

    public AgentOptions Options => new() { StateDirectory = _folder, LoopDirectory = Path.Combine(_folder, "loop") };

    /// <summary>A name that no other group has; the group is removed at the end.</summary>
    public string NewGroup()
    {
        _groups.Add($"portaltest{Guid.NewGuid():N}"[..20]);
        return _groups[^1];
    }

    public string FileOf(string name) => Path.Combine(_folder, name);

    /// <summary>A new empty file with a loop device on it.</summary>
    /// <returns>The device's path.</returns>
    public async Task<string> AttachAsync(string name, CancellationToken cancel, long mebibytes = 64)
    {
        await using (var file = File.Open(FileOf(name), FileMode.OpenOrCreate)) if (file.Length == 0) file.SetLength(mebibytes << 20);
        return (await RunAsync(cancel, "losetup", "--find", "--show", FileOf(name))).Trim();
    }

    /// <summary>The kernel lets the device go when the last one who looks at it has closed it.</summary>
    public static async Task DetachAsync(string device, CancellationToken cancel)
    {
        await RunAsync(cancel, "losetup", "--detach", device);
        await Eventually.PassesAsync(() => Assert.False(File.Exists($"/sys/class/block/{Path.GetFileName(device)}/loop/backing_file"), device), cancel);
    }

    public async Task<string> MountAsync(string device, CancellationToken cancel)
    {
        _mounts.Add(Directory.CreateDirectory(FileOf($"mount {_mounts.Count}")).FullName);
        await RunAsync(cancel, "mount", device, _mounts[^1]);
        return _mounts[^1];
    }

    /// <summary>What the program said; it must succeed.</summary>
    public static async Task<string> RunAsync(CancellationToken cancel, params string[] words)
    {
        var (code, output, error) = await TryAsync(words, "", cancel);
        Assert.True(code == 0, $"{string.Join(' ', words)} failed ({code}): {error}");
        return output;
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> TryAsync(CancellationToken cancel, params string[] words) => (await TryAsync(words, "", cancel)).Code;

    /// <summary>Runs a program that reads from standard input.</summary>
    public static async Task FeedAsync(string input, CancellationToken cancel, params string[] words)
    {
        var (code, _, error) = await TryAsync(words, input, cancel);
        Assert.True(code == 0, $"{string.Join(' ', words)} failed ({code}): {error}");
    }

    /// <summary>A column of <c>vgs</c> or <c>pvs</c>, behind the agent's back.</summary>
    public static async Task<string> AskLvmAsync(string report, string column, string name, CancellationToken cancel) =>
        (await RunAsync(cancel, report, "--noheadings", "--units", "b", "--nosuffix", "-o", column, name)).Trim();

    public async ValueTask DisposeAsync()
    {
        foreach (var mount in _mounts) await TryAsync(["umount", mount], "", CancellationToken.None);
        foreach (var group in _groups) await TryAsync(["vgremove", "--force", "--force", "--yes", group], "", CancellationToken.None);
        var (_, loops, _) = await TryAsync(["losetup", "--list", "--noheadings", "--raw", "--output", "NAME,BACK-FILE"], "", CancellationToken.None);
        foreach (var line in loops.Split('\n').Where(line => line.Contains(_folder, StringComparison.Ordinal)))
            await TryAsync(["losetup", "--detach", line.Split(' ')[0]], "", CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(int Code, string Output, string Error)> TryAsync(string[] words, string input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["LVM_SUPPRESS_FD_WARNINGS"] = "1" },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, output, await error);
    }
}
