using System.Globalization;

namespace Portal.Core.Texts;

/// <summary>Sizes as people read them: binary units, at most three significant digits, the same in every language.</summary>
public static class ByteText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        // 999.5 would round to "1000": the next unit reads better.
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        var digits = unit == 0 || Math.Abs(value) >= 99.95 ? 0 : Math.Abs(value) >= 9.995 ? 1 : 2;
        return Math.Round(value, digits).ToString("0.##", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
