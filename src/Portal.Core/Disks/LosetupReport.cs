using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>Reads what <c>losetup(8)</c> lists.</summary>
public static class LosetupReport
{
    /// <summary>What losetup is asked, after its program's name.</summary>
    public static readonly ImmutableArray<string> Arguments = ["--list", "--json", "--output", "NAME,BACK-FILE,DIO"];

    private const string Deleted = " (deleted)";

    /// <summary>Sizes are those of the devices: losetup does not tell them.</summary>
    /// <exception cref="FormatException">The text is not such a report; the message says why.</exception>
    public static ImmutableArray<LoopDevice> Parse(string json, IEnumerable<BlockDevice> devices)
    {
        var sizes = devices.ToDictionary(device => device.Path, device => device.SizeBytes);
        return [.. UtilLinuxJson.Rows(json, "loopdevices", "losetup").Select(row => Loop(row, sizes)).OrderBy(loop => loop.Path, StringComparer.Ordinal)];
    }

    // The kernel marks a file that was deleted while a device lies on it.
    private static LoopDevice Loop(UtilLinuxJson row, Dictionary<string, long> sizes)
    {
        var path = row.Text("name");
        var file = row.TextOrNull("back-file") ?? "";
        var isDeleted = file.EndsWith(Deleted, StringComparison.Ordinal);
        return new(path, isDeleted ? file[..^Deleted.Length] : file, sizes.GetValueOrDefault(path), IsManaged: false, row.Flag("dio"))
        {
            IsFileMissing = isDeleted,
        };
    }
}
