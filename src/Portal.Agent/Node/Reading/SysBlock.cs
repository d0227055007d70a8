using Portal.Core.Disks;

namespace Portal.Agent.Node.Reading;

/// <summary>What sysfs tells of block devices, and what else has a name for them. A device that goes away meanwhile has nothing.</summary>
/// <param name="root">Where the files of the node lie: "" on the node itself.</param>
internal sealed class SysBlock(string root)
{
    private readonly string _folder = root + "/sys/class/block";

    private static readonly string[] Identity = ["dev", "diskseq", "size", "loop/backing_file"];

    public BlockDevice Join(BlockDevice device, ILookup<string, string> stablePaths)
    {
        var folder = Path.Combine(_folder, device.Name.Replace('/', '!'));
        return device with
        {
            Children = [.. Names(Path.Combine(folder, "holders")).Concat(Partitions(folder)).Order(StringComparer.Ordinal)],
            Parents = [.. Names(Path.Combine(folder, "slaves")).Concat(WholeDisk(folder)).Order(StringComparer.Ordinal)],
            StablePaths = [.. stablePaths[device.Name].Order(StringComparer.Ordinal)],
            BackingFile = device.Kind == "loop" ? TextOrNull(Path.Combine(folder, "loop/backing_file")) : null,
        };
    }

    /// <summary>Links in <c>/dev/disk/by-id</c> by the kernel's name of what they point to; udev makes them, so there may be none.</summary>
    public ILookup<string, string> StablePaths() =>
        Entries(root + "/dev/disk/by-id").Select(link => (Link: link[root.Length..], Target: File.ResolveLinkTarget(link, returnFinalTarget: true)?.Name))
            .Where(each => each.Target is not null).ToLookup(each => each.Target!, each => each.Link);

    /// <summary>Changes when the device is another one, or was written to: what was read from it before is no longer sure.</summary>
    public string Stamp(string name)
    {
        var folder = Path.Combine(_folder, name.Replace('/', '!'));
        string?[] identity = [.. Identity.Select(file => TextOrNull(Path.Combine(folder, file)))];
        // The kernel's Documentation/block/stat.rst: the fifth and the seventh number count writes and sectors written.
        var counters = TextOrNull(Path.Combine(folder, "stat"))?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('|', [.. identity, counters?.ElementAtOrDefault(4), counters?.ElementAtOrDefault(6)]);
    }

    public bool Exists(string name) => Directory.Exists(Path.Combine(_folder, name.Replace('/', '!')));

    private static IEnumerable<string> Partitions(string folder) =>
        Entries(folder).Where(entry => File.Exists(Path.Combine(entry, "partition"))).Select(entry => Path.GetFileName(entry));

    // /sys/class/block/sda1 points into the folder of its disk: …/block/sda/sda1.
    private static IEnumerable<string> WholeDisk(string folder) =>
        File.Exists(Path.Combine(folder, "partition")) && new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Parent: { } disk }
            ? [disk.Name]
            : [];

    private static IEnumerable<string> Names(string folder) => Entries(folder).Select(entry => Path.GetFileName(entry));

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string? TextOrNull(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (IOException)
        {
            // The kernel of that release does not tell it, or the device has gone.
            return null;
        }
    }
}
