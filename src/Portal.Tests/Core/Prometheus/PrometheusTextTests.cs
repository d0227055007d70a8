using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Portal.Core.Prometheus;

namespace Portal.Tests.Core.Prometheus;

public sealed class PrometheusTextTests
{
    private static readonly Gen<string> Name = Gen.Char["abcxyz_"].Array[1, 8].Select(letters => new string(letters));

    private static readonly Gen<string> Text = Gen.Char["ab \"\\\n{},=#机"].Array[0, 8].Select(letters => new string(letters));

    private static readonly Gen<Sample> Any =
        from name in Name
        from labels in Gen.Select(Name, Text).Array[0, 4]
        from value in Gen.OneOf(Gen.Double, Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity))
        select new Sample(name, labels.DistinctBy(label => label.Item1).ToImmutableDictionary(label => label.Item1, label => label.Item2), value);

    [Fact]
    public void Whatever_is_written_is_read_back() => Any.Array[0, 5].Sample(samples =>
    {
        var text = "# HELP a b\n\n" + string.Concat(samples.Select((sample, at) => Write(sample) + (at % 2 == 0 ? " 1395066363000" : "") + "\n"));

        var read = PrometheusText.Read(text).ToArray();

        Assert.Equal(samples.Select(Write), read.Select(Write));
    });

    [Fact]
    public void No_text_makes_it_fail() => Gen.Char["ab{}=\",\\ \n1#+eN"].Array[0, 60].Sample(letters => Assert.NotNull(PrometheusText.Read(new string(letters)).ToArray()));

    [Theory]
    [InlineData("up{job=\"a\"")]
    [InlineData("up{job=\"a} 1")]
    [InlineData("up{job} 1")]
    [InlineData("up")]
    [InlineData("up one")]
    [InlineData("up 1 2 3")]
    [InlineData("{job=\"a\"} 1")]
    public void A_line_of_another_form_is_skipped(string line) => Assert.Equal("ok", Assert.Single(PrometheusText.Read(line + "\nok 1\n")).Name);

    private static string Write(Sample sample)
    {
        var labels = sample.Labels.OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"");
        var value = double.IsNaN(sample.Value) ? "NaN" : double.IsPositiveInfinity(sample.Value) ? "+Inf" : double.IsNegativeInfinity(sample.Value) ? "-Inf" : sample.Value.ToString("R", CultureInfo.InvariantCulture);
        return sample.Name + (sample.Labels.IsEmpty ? "" : "{" + string.Join(",", labels) + "}") + " " + value;
    }
}
