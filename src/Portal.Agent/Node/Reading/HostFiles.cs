using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Disks;

namespace Portal.Agent.Node.Reading;

/// <summary>Files of the kernel, and file systems of the host.</summary>
/// <param name="root">Where the files of the node lie: "" on the node itself.</param>
internal sealed class HostFiles(AgentOptions options, string root)
{
    // Volumes of pods lie below it; no file of a loop device belongs there.
    private const string KubeletFolder = "/var/lib/kubelet/";

    public string MountTablePath => string.Create(CultureInfo.InvariantCulture, $"/proc/{options.HostProcess}/mountinfo");

    public Task<string> ReadAsync(string path, CancellationToken cancel) => File.ReadAllTextAsync(root + path, cancel);

    public async Task<string> LineAsync(string path, CancellationToken cancel) => (await ReadAsync(path, cancel)).Trim();

    /// <summary>The mount table of the host, not of the container that the agent may run in.</summary>
    public async Task<ImmutableArray<Mount>> MountsAsync(CancellationToken cancel) => MountTable.Parse(await ReadAsync(MountTablePath, cancel));

    public async Task<ImmutableArray<string>> SwapsAsync(CancellationToken cancel) => SwapTable.Parse(await ReadAsync("/proc/swaps", cancel));

    /// <summary>Opening its control file makes the kernel load device-mapper, as lvm itself would.</summary>
    public bool HasDeviceMapper()
    {
        try
        {
            using var control = File.OpenHandle(root + options.HostRoot + "/dev/mapper/control", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public ImmutableArray<HostFileSystem> FileSystems(IEnumerable<Mount> mounts) =>
    [
        .. from mount in mounts
           where mount.Source.StartsWith("/dev/", StringComparison.Ordinal) && !mount.MountPoint.StartsWith(KubeletFolder, StringComparison.Ordinal)
           group mount by mount.Number into same
           let first = same.MinBy(mount => mount.MountPoint.Length)
           let use = Use(first.MountPoint)
           where use is not null
           orderby first.MountPoint
           select new HostFileSystem(first.MountPoint, first.Type, use.SizeBytes, use.AvailableBytes),
    ];

    public FileSystemUse? Use(string mountPoint) => Libc.Use(root + options.HostRoot + mountPoint);
}
