using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Disks;

/// <summary>A JSON object of util-linux. Releases before 2.33 write every value as text: "ro": "0", "size": "512".</summary>
internal readonly struct UtilLinuxJson(JsonElement row)
{
    /// <exception cref="FormatException">The text is not JSON, or has no such list.</exception>
    public static List<UtilLinuxJson> Rows(string json, string list, string program)
    {
        // losetup(8) prints nothing at all when there is no loop device.
        if (string.IsNullOrWhiteSpace(json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(row => new UtilLinuxJson(row.Clone()))];
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{program}'s report of \"{list}\" could not be read: {other.Message}", other);
        }
    }

    public string Text(string column) => TextOrNull(column) ?? throw new FormatException($"the report has no {column}");

    /// <summary>null for an empty value too; lsblk pads model and serial with blanks.</summary>
    public string? TextOrNull(string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Object)
            && value.ToString().Trim() is { Length: > 0 } text ? text : null;

    public bool Flag(string column) => TextOrNull(column) is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    public long Number(string column) => TextOrNull(column) switch
    {
        null => 0,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new FormatException($"the report has \"{text}\" as {column}, where a number belongs"),
    };
}
