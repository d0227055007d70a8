using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Portal.Core.Kubernetes;

/// <summary>Reads and writes the text of quantities, with the leniencies of apimachinery: "5." and ".5" are numbers, "" is none.</summary>
internal static partial class QuantitySyntax
{
    // Larger exponents say nothing about storage, and computing them would take minutes.
    private const int LargestExponent = 1000;
    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    private static readonly BigInteger NanosPerUnit = BigInteger.Pow(10, 9);

    /// <summary>Null and a reason for a text that is no quantity.</summary>
    public static Quantity? Read(string text, out string problem)
    {
        problem = "a number with a suffix such as Gi, M, m or e3 is expected";
        var parts = Parts().Match(text);
        if (text.Length == 0 || !parts.Success) return null;
        problem = "its suffix is unknown";
        if (Suffix(parts.Groups["suffix"].Value) is not { } suffix) return null;
        var (whole, fraction) = (parts.Groups["whole"].Value, parts.Groups["fraction"].Value);
        var digits = BigInteger.Parse("0" + whole + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        if (parts.Groups["sign"].Value == "-") digits = -digits;
        var numerator = digits * BigInteger.Pow(suffix.Base, Math.Max(suffix.Exponent, 0));
        var denominator = BigInteger.Pow(10, fraction.Length) * BigInteger.Pow(suffix.Base, Math.Max(-suffix.Exponent, 0));
        return Quantity.Limit(numerator, denominator, suffix.Format);
    }

    public static string Write(Quantity quantity)
    {
        if (quantity.IsZero) return "0";
        var whole = BigInteger.DivRem(quantity.Nanos, NanosPerUnit, out var nanos);
        // Small numbers and fractions have no binary form that a person would recognise.
        if (quantity.Format == QuantityFormat.BinarySI && nanos.IsZero && BigInteger.Abs(whole) >= 1024) return WriteBinary(whole);
        return WriteDecimal(quantity.Nanos, quantity.Format == QuantityFormat.DecimalExponent);
    }

    private static string WriteBinary(BigInteger value)
    {
        var power = 0;
        while (power < Binary.Length - 1 && (value % 1024).IsZero) (value, power) = (value / 1024, power + 1);
        return value.ToString(CultureInfo.InvariantCulture) + Binary[power];
    }

    private static string WriteDecimal(BigInteger value, bool asExponent)
    {
        var power = 0;
        while ((value % 1000).IsZero) (value, power) = (value / 1000, power + 1);
        var number = value.ToString(CultureInfo.InvariantCulture);
        var exponent = (power * 3) - 9;
        // Beyond E there is no suffix left.
        if (!asExponent && power < Decimal.Length) return number + Decimal[power];
        return exponent == 0 ? number : number + "e" + exponent.ToString(CultureInfo.InvariantCulture);
    }

    private static (int Base, int Exponent, QuantityFormat Format)? Suffix(string suffix)
    {
        if (Array.IndexOf(Decimal, suffix) is >= 0 and var power) return (10, (power * 3) - 9, QuantityFormat.DecimalSI);
        if (Array.IndexOf(Binary, suffix) is > 0 and var thousands) return (2, thousands * 10, QuantityFormat.BinarySI);
        if (suffix[0] is not ('e' or 'E')) return null;
        return int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && Math.Abs((long)exponent) <= LargestExponent
            ? (10, exponent, QuantityFormat.DecimalExponent)
            : null;
    }

    [GeneratedRegex(@"\A(?<sign>[+-]?)(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?(?<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
