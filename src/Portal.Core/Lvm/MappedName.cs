namespace Portal.Core.Lvm;

/// <summary>The name under which device-mapper knows a logical volume: volume group, logical volume and, for a part that LVM puts below it, the layer,
/// joined by a hyphen; hyphens inside a name are doubled (<c>build_dm_name</c> in lvm2's lib/misc/lvm-string.c).</summary>
/// <param name="Layer">"tpool", "real", "cow"; null for the volume itself.</param>
public sealed record MappedName(string VolumeGroup, string LogicalVolume, string? Layer)
{
    // What lvm(8) calls sub logical volumes, and lvs -a shows in brackets.
    private static readonly string[] Hidden = ["_tdata", "_tmeta", "_cdata", "_cmeta", "_corig", "_cvol", "_cpool", "_vdata", "_vorigin", "_mlog", "_pmspare", "_wcorig"];
    private static readonly string[] HiddenNumbered = ["_rimage_", "_rmeta_", "_mimage_", "_iorig_", "_imeta_"];

    /// <summary>Whether it is a part of another volume, which nobody mounts.</summary>
    public bool IsHidden => Layer is not null || IsMove || Hidden.Any(end => LogicalVolume.Contains(end, StringComparison.Ordinal))
        || HiddenNumbered.Any(part => LogicalVolume.Contains(part, StringComparison.Ordinal));

    // While pvmove(8) moves extents, the volumes lie on a volume of this name; lvm lets nobody else give one that begins so.
    private bool IsMove => LogicalVolume.StartsWith("pvmove", StringComparison.Ordinal);

    /// <summary>null for a name that LVM does not make.</summary>
    public static MappedName? Parse(string name)
    {
        var parts = new List<string>(3);
        var start = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '-') continue;
            if (i + 1 < name.Length && name[i + 1] == '-')
            {
                i++;
                continue;
            }
            parts.Add(name[start..i]);
            start = i + 1;
        }
        parts.Add(name[start..]);
        if (parts.Count is < 2 or > 3 || parts.Any(part => part.Length == 0)) return null;
        return new(Plain(parts[0]), Plain(parts[1]), parts.Count == 3 ? parts[2] : null);
    }

    public override string ToString() => Escaped(VolumeGroup) + "-" + Escaped(LogicalVolume) + (Layer is null ? "" : "-" + Layer);

    private static string Plain(string part) => part.Replace("--", "-", StringComparison.Ordinal);

    private static string Escaped(string name) => name.Replace("-", "--", StringComparison.Ordinal);
}
