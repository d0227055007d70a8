using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Core.Disks;

/// <summary>Reads what <c>wipefs(8)</c> finds on a device.</summary>
public static class WipefsReport
{
    /// <summary>What wipefs is asked, before the device.</summary>
    public static readonly ImmutableArray<string> Arguments = ["--no-act", "--json", "--output", "OFFSET,TYPE,USAGE,LABEL,UUID"];

    /// <exception cref="FormatException">The text is not such a report; the message says why.</exception>
    public static ImmutableArray<DiskSignature> Parse(string json) =>
        [.. UtilLinuxJson.Rows(json, "signatures", "wipefs").Select(row => new DiskSignature(
            Offset(row.Text("offset")), row.Text("type"), row.TextOrNull("usage"), row.TextOrNull("label"), row.TextOrNull("uuid")))];

    private static long Offset(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new FormatException($"wipefs wrote \"{text}\" where an offset belongs");
}
