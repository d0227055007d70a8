using System.Globalization;

namespace Portal.Bench;

/// <summary>One number under its name.</summary>
internal static class Figure
{
    public static string Line(string name, double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{name,-44} {value,9:F1} {unit}");
}
