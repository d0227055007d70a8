using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Portal.Core.Disks;

namespace Portal.Agent.Node.Reading;

/// <summary>Finds kube-scheduler among the node's processes, and the files that it is told by. Needs the host's processes: <c>hostPID</c>.</summary>
internal sealed class SchedulerReader(string root, string program = "kube-scheduler")
{
    private const string Folder = "/etc/kubernetes";

    // A file of a control plane is some kilobytes; whatever is larger is none.
    private const long LargestFile = 1 << 20;

    private string Manifest => Path.Combine(Folder, "manifests", program + ".yaml");

    public async Task<NodeScheduler?> ReadAsync(CancellationToken cancel) =>
        Find() is not { } process ? null : new(process.Arguments) { Files = await FilesAsync(process.Arguments, cancel) };

    /// <summary>null where none runs.</summary>
    public SchedulerProcess? Find()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id)) continue;
            if (Words(folder) is [var first, .. var arguments] && Path.GetFileName(first) == program) return new(id, [.. arguments]);
        }
        return null;
    }

    /// <summary>The kubelet has started it since its manifest was written.</summary>
    public bool IsYoungerThanManifest(SchedulerProcess process)
    {
        try
        {
            using var running = Process.GetProcessById(process.Id);
            return running.StartTime.ToUniversalTime() >= File.GetLastWriteTimeUtc(root + Manifest);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // The process has ended meanwhile.
            return false;
        }
    }

    private static string[] Words(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has ended meanwhile.
            return [];
        }
    }

    private async Task<ImmutableArray<NodeFile>> FilesAsync(ImmutableArray<string> arguments, CancellationToken cancel)
    {
        var own = Path.Combine(Folder, program);
        var inOwn = Directory.Exists(root + own) ? Directory.GetFiles(root + own).Select(file => Path.Combine(own, Path.GetFileName(file))) : [];
        var named = arguments.Select(argument => argument.Split('=', 2)[^1]).Where(path => path.StartsWith(Folder + "/", StringComparison.Ordinal));
        var files = ImmutableArray.CreateBuilder<NodeFile>();
        foreach (var path in inOwn.Concat(named).Append(Manifest).Distinct().Order(StringComparer.Ordinal))
        {
            var file = new FileInfo(root + path);
            if (!file.Exists || file.Length > LargestFile) continue;
            files.Add(new(path, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file.FullName, cancel)))));
        }
        return files.ToImmutable();
    }
}

/// <param name="Arguments">Without the program's name.</param>
internal sealed record SchedulerProcess(int Id, ImmutableArray<string> Arguments);
