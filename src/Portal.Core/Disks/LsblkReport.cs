using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>Reads what <c>lsblk(8)</c> reports. File systems and mounts are read elsewhere: lsblk has them from udev's database, which may be
/// missing in a container and be late on a host.</summary>
public static class LsblkReport
{
    /// <summary>What lsblk is asked, after its program's name. Its release 2.31 has all these columns.</summary>
    public static readonly ImmutableArray<string> Arguments =
        ["--json", "--bytes", "--list", "--output", "NAME,KNAME,MAJ:MIN,TYPE,SIZE,RO,RM,ROTA,MODEL,SERIAL,WWN,TRAN,LOG-SEC"];

    /// <exception cref="FormatException">The text is not such a report; the message says why.</exception>
    public static ImmutableArray<BlockDevice> Parse(string json) =>
        // A device that lies on several others is listed once for each.
        [.. UtilLinuxJson.Rows(json, "blockdevices", "lsblk").Select(Device).DistinctBy(device => device.Name)];

    private static BlockDevice Device(UtilLinuxJson row)
    {
        var name = row.Text("kname");
        return new(name, PathOf(name, row.Text("name")), row.Text("type"), row.Number("size"))
        {
            Number = row.Text("maj:min"),
            Model = row.TextOrNull("model"),
            Serial = row.TextOrNull("serial"),
            Wwn = row.TextOrNull("wwn"),
            Transport = row.TextOrNull("tran"),
            IsReadOnly = row.Flag("ro"),
            IsRemovable = row.Flag("rm"),
            IsRotational = row.Flag("rota"),
            LogicalSectorBytes = (int)row.Number("log-sec") is > 0 and var bytes ? bytes : 512,
        };
    }

    // The kernel writes "/" in a device's name as "!" in sysfs ("cciss!c0d0"); lsblk names device-mapper devices as device-mapper does.
    private static string PathOf(string kernelName, string name) =>
        kernelName == name ? "/dev/" + name.Replace('!', '/') : kernelName.StartsWith("dm-", StringComparison.Ordinal) ? "/dev/mapper/" + name : "/dev/" + name;
}
