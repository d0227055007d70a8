using System.Text.RegularExpressions;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>A size as a person types it: "15Gi", "15 GiB", "1.5TiB", "20 GB", and where something grows "+5 GiB".</summary>
public static partial class VolumeSize
{
    /// <summary>The size, or the sentence that says what is wrong with the text.</summary>
    /// <param name="current">What "+" adds to; null where nothing is there yet.</param>
    public static (Quantity? Size, Message? Problem) Read(string text, Quantity? current)
    {
        var parts = Parts().Match(text);
        if (!parts.Success) return (null, VolumeTexts.SizeUnreadable(text.Trim()));
        // A bare number would be bytes to Kubernetes and GiB to most people.
        if (UnitOf(parts.Groups["unit"].Value) is not { } unit) return (null, VolumeTexts.SizeWithoutUnit(text.Trim()));
        if (!Quantity.TryParse(parts.Groups["number"].Value.Replace(',', '.') + unit, out var size)) return (null, VolumeTexts.SizeUnreadable(text.Trim()));
        // Nothing is made of a part of a byte, and no disk holds more than this.
        if (size.Sign <= 0 || size.Value >= long.MaxValue / 2) return (null, VolumeTexts.SizeUnreadable(text.Trim()));
        // Bytes alone read better in binary units.
        size = Quantity.Of(size.Value, unit.Length == 0 ? QuantityFormat.BinarySI : size.Format);
        if (!parts.Groups["plus"].Success) return (size, null);
        return current is { } before ? (before + size, null) : (null, VolumeTexts.SizePlusNothing(text.Trim()));
    }

    private static string? UnitOf(string unit) => unit.TrimEnd('B', 'b') switch
    {
        "Ki" or "ki" or "KI" => "Ki",
        "Mi" or "mi" or "MI" => "Mi",
        "Gi" or "gi" or "GI" => "Gi",
        "Ti" or "ti" or "TI" => "Ti",
        "Pi" or "pi" or "PI" => "Pi",
        "K" or "k" => "k",
        // "m" alone is a thousandth to Kubernetes.
        "M" => "M",
        "m" when unit.Length > 1 => "M",
        "G" or "g" => "G",
        "T" or "t" => "T",
        "P" or "p" => "P",
        "" when unit.Length == 1 => "",
        _ => null,
    };

    [GeneratedRegex(@"\A\s*(?<plus>\+)?\s*(?<number>[0-9]+([.,][0-9]+)?)\s*(?<unit>[A-Za-z]*)\s*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
