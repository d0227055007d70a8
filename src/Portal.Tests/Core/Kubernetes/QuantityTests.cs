using System.Numerics;
using System.Text.Json;
using CsCheck;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Core.Kubernetes;

public sealed class QuantityTests
{
    private static readonly string[] Suffixes =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e0", "e3", "e-3", "E6", "e+9", "e-9", "e1", "e21"];

    private static readonly Gen<string> Text = Gen.Select(OneOf("", "-", "+"), Gen.ULong, OneOf("", ".5", ".", ".25", ".0009765625", ".000000001", ".123456789123"), OneOf(Suffixes),
        (sign, number, fraction, suffix) => sign + number + fraction + suffix);

    private static readonly Gen<Quantity> Any = Text.Select(Quantity.Parse);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    // What a kube-apiserver returns for a ResourceQuota that is written so.
    [Theory]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5", "500m")]
    [InlineData(".5", "500m")]
    [InlineData("1000m", "1")]
    [InlineData("1500k", "1500k")]
    [InlineData("1.5Ki", "1536")]
    [InlineData("0.5Ki", "512")]
    [InlineData("1024", "1024")]
    [InlineData("1023.5Ki", "1048064")]
    [InlineData("1048576.5Ki", "1073742336")]
    [InlineData("0.001Mi", "1048576m")]
    [InlineData("0Ki", "0")]
    [InlineData("8Ei", "9223372036854775807")]
    [InlineData("10000Ei", "9223372036854775807")]
    [InlineData("1.5Ei", "1536Pi")]
    [InlineData("3000000", "3M")]
    [InlineData("100000000000000000000", "100E")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("12345678901234567890m", "12345678901234567890m")]
    [InlineData("12e6", "12e6")]
    [InlineData("1e3", "1e3")]
    [InlineData("1e21", "1e21")]
    [InlineData("1.5e3", "1500")]
    [InlineData("1e-3", "1e-3")]
    // Finer than the milli that a ResourceQuota keeps.
    [InlineData("0.1n", "1n")]
    [InlineData("-0.1n", "-1n")]
    [InlineData("1.0000000001", "1000000001n")]
    [InlineData("1e-10", "1e-9")]
    [InlineData("0.0001Ki", "102400u")]
    [InlineData("1.2345", "1234500u")]
    [InlineData("-1.5Gi", "-1536Mi")]
    [InlineData("-9Ei", "-9223372036854775807")]
    // Servers before 1.36 lose the exponent here and answer "1".
    [InlineData("1000E", "1e21")]
    [InlineData("+5", "5")]
    [InlineData("5.", "5")]
    [InlineData("5.Gi", "5Gi")]
    [InlineData("1E3", "1e3")]
    [InlineData(".", "0")]
    [InlineData("E", "0")]
    [InlineData("-", "0")]
    [InlineData("007", "7")]
    public void The_canonical_form_is_the_API_servers(string written, string canonical) => Assert.Equal(canonical, Quantity.Parse(written).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("1e")]
    [InlineData("1.2.3")]
    [InlineData("1Kii")]
    [InlineData("1ki")]
    [InlineData("1K")]
    [InlineData("1i")]
    [InlineData("1mm")]
    [InlineData("1e5.5")]
    [InlineData("1 Gi")]
    [InlineData(" 1")]
    [InlineData("1\n")]
    [InlineData("--1")]
    [InlineData("1Gi5")]
    [InlineData("1e2k")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("1m5")]
    [InlineData("1M+")]
    [InlineData("1+")]
    [InlineData("1GB")]
    [InlineData("١")]
    [InlineData("1e99999999999")]
    public void What_the_API_server_refuses_is_refused(string text)
    {
        Assert.False(Quantity.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Quantity.Parse(text));
    }

    [Theory]
    [InlineData("1Gi", 1L << 30)]
    [InlineData("1.1", 2)]
    [InlineData("-1.1", -2)]
    [InlineData("1n", 1)]
    [InlineData("8Ei", long.MaxValue)]
    [InlineData("100E", long.MaxValue)]
    [InlineData("-100E", long.MinValue)]
    public void A_value_in_whole_units_is_rounded_away_from_zero(string text, long value) => Assert.Equal(value, Quantity.Parse(text).Value);

    [Fact]
    public void The_canonical_form_reads_as_the_same_amount_and_is_written_so_again() => Any.Sample(quantity =>
    {
        var text = quantity.ToString();
        var again = Quantity.Parse(text);
        return again == quantity && again.In(quantity.Format).ToString() == text && !text.Contains('.', StringComparison.Ordinal);
    });

    [Fact]
    public void Sums_and_differences_lose_nothing() => Gen.Select(Any, Any).Sample((one, other) =>
        (one + other) - other == one && one + other == other + one && (one - other).Sign == one.CompareTo(other) && (one * 3) == one + one + one);

    [Fact]
    public void Order_is_that_of_the_amounts() => Gen.Select(Gen.Long, Gen.Long).Sample((one, other) =>
        Quantity.Of(one).CompareTo(Quantity.Of(other)) == one.CompareTo(other)
        && Quantity.Parse(one.ToString(System.Globalization.CultureInfo.InvariantCulture)) == Quantity.Of(one)
        && Quantity.Of(one).Value == one);

    [Fact]
    public void Whole_bytes_keep_their_exact_number() => Gen.Long[0, long.MaxValue].Sample(bytes =>
        BigInteger.Parse(Quantity.Of(bytes, QuantityFormat.DecimalSI).In(QuantityFormat.BinarySI).Value.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) == bytes);

    [Fact]
    public void Equal_amounts_are_equal_however_they_are_written()
    {
        Assert.Equal(Quantity.Parse("1Gi"), Quantity.Parse("1024Mi"));
        Assert.Equal(Quantity.Parse("1Gi").GetHashCode(), Quantity.Parse("1073741824").GetHashCode());
        Assert.True(Quantity.Parse("1G") < Quantity.Parse("1Gi"));
        Assert.Equal("2Gi", (Quantity.Zero + Quantity.Parse("2Gi")).ToString());
    }

    [Theory]
    [InlineData("\"1Gi\"", "1Gi")]
    [InlineData("\" 1Gi \"", "1Gi")]
    [InlineData("1073741824", "1073741824")]
    [InlineData("1.5", "1500m")]
    [InlineData("null", "0")]
    public void JSON_may_hold_a_string_a_number_or_null(string json, string canonical) =>
        Assert.Equal(canonical, JsonSerializer.Deserialize(json, KubeJson.Of<Quantity>()).ToString());

    [Fact]
    public void JSON_that_is_no_quantity_is_refused() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("\"ten\"", KubeJson.Of<Quantity>()));
}
