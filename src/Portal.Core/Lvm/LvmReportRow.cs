using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Lvm;

/// <summary>A row of lvm's report. It writes every value as text, and "none" as an empty one.</summary>
internal sealed class LvmReportRow(JsonElement row)
{
    public string Text(string column) => row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new FormatException($"lvm's report has no column {column}");

    public string? TextOrNull(string column) => Text(column) is { Length: > 0 } text ? text : null;

    public long Number(string column) => Text(column) switch
    {
        "" => 0,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new FormatException($"lvm's report has \"{text}\" in column {column}, where a number of bytes belongs"),
    };

    public double? Percent(string column) => Text(column) switch
    {
        "" => null,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent) =>
            percent < 0 ? null : percent,
        var text => throw new FormatException($"lvm's report has \"{text}\" in column {column}, where a percentage belongs"),
    };
}
