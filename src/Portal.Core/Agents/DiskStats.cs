using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Core.Agents;

/// <summary>Reads <c>/proc/diskstats</c> (the kernel's Documentation/admin-guide/iostats.rst).</summary>
public static class DiskStats
{
    // Major, minor, name, and the eleven numbers that every kernel since 2.6 has; later ones append more.
    private const int Words = 14;
    private const int SectorBytes = 512;

    /// <summary>All devices but the loop devices and memory disks that nobody has used.</summary>
    /// <exception cref="FormatException">A line is not what the kernel documents.</exception>
    public static ImmutableArray<DeviceCounters> Parse(string text)
    {
        var devices = ImmutableArray.CreateBuilder<DeviceCounters>();
        foreach (var line in text.AsSpan().EnumerateLines())
            if (!line.IsWhiteSpace() && Line(line) is var device && !IsUnused(device)) devices.Add(device);
        return devices.ToImmutable();
    }

    // The kernel keeps hundreds of loop devices ready, and none of them is worth a week of samples.
    private static bool IsUnused(DeviceCounters device) =>
        device is { Reads: 0, Writes: 0 } && (device.Name.StartsWith("loop", StringComparison.Ordinal) || device.Name.StartsWith("ram", StringComparison.Ordinal));

    private static DeviceCounters Line(ReadOnlySpan<char> line)
    {
        Span<Range> words = stackalloc Range[Words + 1];
        if (line.Split(words, ' ', StringSplitOptions.RemoveEmptyEntries) < Words) throw new FormatException($"diskstats has a line that cannot be read: {line}");
        Span<long> numbers = stackalloc long[Words];
        for (var i = 3; i < Words; i++)
        {
            if (!long.TryParse(line[words[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw new FormatException($"diskstats has \"{line[words[i]]}\" where a number belongs: {line}");
        }
        return new($"{line[words[0]]}:{line[words[1]]}", line[words[2]].ToString(), numbers[3], numbers[5] * SectorBytes, numbers[6], numbers[7],
            numbers[9] * SectorBytes, numbers[10], numbers[11], numbers[12], numbers[13]);
    }
}
