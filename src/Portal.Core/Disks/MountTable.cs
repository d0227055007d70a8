using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>A mount, as <c>/proc/PID/mountinfo</c> lists it (proc(5)).</summary>
/// <param name="Number">Device of the file system: "8:1". btrfs, overlay and the like have a number of their own, with major 0.</param>
/// <param name="Source">"/dev/sda1", or a name that only the file system understands.</param>
public sealed record Mount(string Number, string Root, string MountPoint, string Type, string Source, bool IsReadOnly);

/// <summary>Reads <c>/proc/PID/mountinfo</c>.</summary>
public static class MountTable
{
    /// <exception cref="FormatException">A line is not what proc(5) describes.</exception>
    public static ImmutableArray<Mount> Parse(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line)];

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    private static Mount Line(string line)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
        if (dash < 0 || words.Length < dash + 3) throw new FormatException($"mountinfo has a line that cannot be read: {line}");
        return new(words[2], EscapedText.Decode(words[3]), EscapedText.Decode(words[4]), words[dash + 1], EscapedText.Decode(words[dash + 2]),
            words[5].Split(',').Contains("ro"));
    }
}
