using System.Diagnostics;
using Portal.Tests.Testing;

namespace Portal.Bench;

/// <summary>Loop devices over sparse files, as many as the machine gives; they go when it is disposed.</summary>
internal sealed class LoopDisks : IDisposable
{
    private const long SizeBytes = 64 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _devices = [];

    public int Count => _devices.Count;

    /// <summary>Their paths.</summary>
    public IReadOnlyList<string> Devices => _devices;

    /// <summary>Why there are fewer than wanted, in the words of losetup; null when there are as many.</summary>
    public string? Shortage { get; private set; }

    public static async Task<LoopDisks> AttachAsync(int wanted)
    {
        var disks = new LoopDisks();
        while (disks.Count < wanted && disks.Shortage is null) await disks.AddAsync();
        return disks;
    }

    public void Dispose()
    {
        foreach (var device in _devices)
        {
            using var detached = Process.Start("losetup", ["--detach", device]);
            detached.WaitForExit();
        }
        _folder.Dispose();
    }

    private async Task AddAsync()
    {
        var path = Path.Combine(_folder.Path, $"disk-{Count}");
        await using (var file = File.Create(path)) file.SetLength(SizeBytes);
        using var losetup = Process.Start(new ProcessStartInfo("losetup", ["--find", "--show", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = losetup.StandardError.ReadToEndAsync();
        var device = await losetup.StandardOutput.ReadToEndAsync();
        await losetup.WaitForExitAsync();
        if (losetup.ExitCode == 0) _devices.Add(device.Trim());
        else Shortage = (await complaints).Trim();
    }
}
