using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes;

// Kubernetes' own fixed-point number, as k8s.io/apimachinery/pkg/api/resource defines it: nothing is finer than a nano (what
// is, is rounded away from zero when it is read), binary quantities end at 2^63-1, and the text is the canonical one: no
// fraction, the largest suffix that loses nothing. All values are whole numbers of nanos, so arithmetic is exact.

/// <summary>An amount of a resource, such as "10Gi" or "500m". Equal amounts are equal, however they were written.</summary>
[JsonConverter(typeof(QuantityConverter))]
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private static readonly BigInteger NanosPerUnit = BigInteger.Pow(10, 9);
    private static readonly BigInteger LargestBinary = long.MaxValue * NanosPerUnit;

    private readonly BigInteger _nanos;

    internal Quantity(BigInteger nanos, QuantityFormat format) => (_nanos, Format) = (nanos, format);

    public static Quantity Zero => default;

    public QuantityFormat Format { get; }

    public int Sign => _nanos.Sign;

    public bool IsZero => _nanos.IsZero;

    /// <summary>The amount in whole units (bytes, cores), a fraction rounded away from zero; cut off at the ends of <see cref="long"/>.</summary>
    public long Value => ToScale(NanosPerUnit);

    /// <summary>The amount in thousandths, as <see cref="Value"/>.</summary>
    public long MilliValue => ToScale(NanosPerUnit / 1000);

    internal BigInteger Nanos => _nanos;

    public static Quantity Of(long value, QuantityFormat format = QuantityFormat.BinarySI) => new(value * NanosPerUnit, format);

    /// <summary>Throws <see cref="FormatException"/> for a text that the API server would refuse.</summary>
    public static Quantity Parse(string text) =>
        QuantitySyntax.Read(text, out var problem) ?? throw new FormatException($"'{text}' is no quantity: {problem}");

    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity)
    {
        var read = text is null ? null : QuantitySyntax.Read(text, out _);
        quantity = read ?? default;
        return read is not null;
    }

    public static Quantity operator +(Quantity one, Quantity other) => new(one._nanos + other._nanos, one.IsZero ? other.Format : one.Format);

    public static Quantity operator -(Quantity one, Quantity other) => new(one._nanos - other._nanos, one.IsZero ? other.Format : one.Format);

    public static Quantity operator -(Quantity one) => new(-one._nanos, one.Format);

    public static Quantity operator *(Quantity one, long factor) => new(one._nanos * factor, one.Format);

    public static bool operator ==(Quantity one, Quantity other) => one._nanos == other._nanos;

    public static bool operator !=(Quantity one, Quantity other) => one._nanos != other._nanos;

    public static bool operator <(Quantity one, Quantity other) => one._nanos < other._nanos;

    public static bool operator >(Quantity one, Quantity other) => one._nanos > other._nanos;

    public static bool operator <=(Quantity one, Quantity other) => one._nanos <= other._nanos;

    public static bool operator >=(Quantity one, Quantity other) => one._nanos >= other._nanos;

    public static Quantity Add(Quantity left, Quantity right) => left + right;

    public static Quantity Subtract(Quantity left, Quantity right) => left - right;

    public static Quantity Negate(Quantity item) => -item;

    public static Quantity Multiply(Quantity left, long right) => left * right;

    /// <summary>The same amount, to be written with other suffixes.</summary>
    public Quantity In(QuantityFormat format) => new(_nanos, format);

    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    public bool Equals(Quantity other) => this == other;

    public override bool Equals(object? obj) => obj is Quantity other && this == other;

    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>The canonical form: "1536Mi" for 1.5Gi, "1500m" for 1.5.</summary>
    public override string ToString() => QuantitySyntax.Write(this);

    /// <summary>What reading a text makes of an exact amount: nothing finer than a nano, binary quantities at most 2^63-1.</summary>
    internal static Quantity Limit(BigInteger numerator, BigInteger denominator, QuantityFormat format)
    {
        var nanos = DivideAwayFromZero(numerator * NanosPerUnit, denominator);
        if (format != QuantityFormat.BinarySI) return new(nanos, format);
        if (BigInteger.Abs(nanos) > LargestBinary) nanos = nanos.Sign * LargestBinary;
        // Less than one unit has no binary form.
        return new(nanos, !nanos.IsZero && BigInteger.Abs(nanos) < NanosPerUnit ? QuantityFormat.DecimalSI : format);
    }

    internal static BigInteger DivideAwayFromZero(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var remainder);
        return remainder.IsZero ? quotient : quotient + value.Sign;
    }

    private long ToScale(BigInteger nanos) => (long)BigInteger.Clamp(DivideAwayFromZero(_nanos, nanos), long.MinValue, long.MaxValue);
}
