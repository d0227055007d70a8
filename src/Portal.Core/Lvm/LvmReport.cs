using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Lvm;

/// <summary>Reads the reports of lvm, in the format of <c>lvm(8)</c> with <c>--reportformat json --units b --nosuffix</c>.</summary>
public static class LvmReport
{
    /// <summary>The columns that <see cref="VolumeGroups"/> reads, for <c>vgs -o</c>.</summary>
    public const string VolumeGroupColumns = "vg_name,vg_uuid,vg_size,vg_free,vg_extent_size,pv_count,lv_count,vg_missing_pv_count";

    /// <exception cref="FormatException">The text is not such a report; the message names what is missing.</exception>
    public static ImmutableArray<LvmVolumeGroup> VolumeGroups(string json) =>
    [
        .. Rows(json, "vg").Select(row => new LvmVolumeGroup(
            Text(row, "vg_name"), Text(row, "vg_uuid"), Number(row, "vg_size"), Number(row, "vg_free"), Number(row, "vg_extent_size"),
            (int)Number(row, "pv_count"), (int)Number(row, "lv_count"), (int)Number(row, "vg_missing_pv_count"))),
    ];

    private static List<JsonElement> Rows(string json, string kind)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty("report").EnumerateArray()
                .SelectMany(report => report.GetProperty(kind).EnumerateArray()).Select(row => row.Clone())];
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"lvm's report of \"{kind}\" could not be read: {other.Message}", other);
        }
    }

    private static string Text(JsonElement row, string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"lvm's report has no column {column}");

    // An empty field is how lvm says "none"; it writes every number as text.
    private static long Number(JsonElement row, string column) => Text(row, column) switch
    {
        "" => 0,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new FormatException($"lvm's report has \"{text}\" in column {column}, where a number of bytes belongs"),
    };
}
