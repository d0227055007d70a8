using System.Numerics;
using CsCheck;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class ExtenderRulesTests
{
    private const ulong Gibibyte = 1UL << 30;

    [Theory]
    [InlineData("0.10.0", 0UL, 1, 0)]
    [InlineData("0.10.0", 1UL, 1, 0)]
    [InlineData("0.10.0", Gibibyte - 1, 1, 0)]
    [InlineData("0.10.0", Gibibyte, 1, 0)]
    [InlineData("0.10.0", 2 * Gibibyte - 1, 1, 0)]
    [InlineData("0.10.0", 2 * Gibibyte, 1, 1)]
    [InlineData("0.10.0", 500 * Gibibyte, 1, 8)]
    [InlineData("0.10.0", 1023 * Gibibyte, 1, 9)]
    [InlineData("0.10.0", 1024 * Gibibyte, 1, 10)]
    [InlineData("0.10.0", 65536 * Gibibyte, 1, 10)]
    [InlineData("0.10.0", 1024 * Gibibyte, 8, 7)]
    [InlineData("0.10.0", 7 * Gibibyte, 8, 0)]
    [InlineData("0.10.0", 3 * Gibibyte, 8, 0)]
    [InlineData("0.10.0", 8 * Gibibyte, 0.5, 4)]
    [InlineData("0.22.0", Gibibyte - 1, 1, 0)]
    [InlineData("0.23.0", 0UL, 1, 0)]
    [InlineData("0.23.0", 1UL, 1, 1)]
    [InlineData("0.41.0", Gibibyte - 1, 1, 1)]
    [InlineData("0.41.0", Gibibyte, 1, 1)]
    [InlineData("0.41.0", 2 * Gibibyte, 1, 1)]
    [InlineData("0.41.0", 4 * Gibibyte, 1, 2)]
    [InlineData("0.41.0", 3 * Gibibyte, 800, 1)]
    [InlineData("0.41.0", 1024 * Gibibyte, 1, 10)]
    [InlineData("0.41.0", ulong.MaxValue, 0.001, 10)]
    [InlineData("v0.10.0-se.1", 1UL, 1, 0)]
    [InlineData("latest", 1UL, 1, 1)]
    [InlineData(null, 1UL, 1, 1)]
    public void A_score_is_what_the_version_computes(string? version, ulong free, double divisor, int score) =>
        Assert.Equal(score, ExtenderRules.Of(version).Score(free, divisor));

    [Theory]
    [InlineData("0.10.0", 0, 1L << 30)]
    [InlineData("0.10.0", 1, 1L << 30)]
    [InlineData("0.10.0", 1L << 30, 1L << 30)]
    [InlineData("0.10.0", (1L << 30) + 1, 2L << 30)]
    [InlineData("0.10.0", 2L << 30, 2L << 30)]
    [InlineData("0.22.0", 100_000_000_000, 94L << 30)]
    [InlineData("0.23.0", 100_000_000_000, 100_000_000_000)]
    [InlineData("0.41.0", 0, 1L << 30)]
    [InlineData("0.41.0", 1, 1)]
    public void A_claim_counts_as_the_webhook_of_the_version_counts_it(string version, long requested, long counted) =>
        Assert.Equal(counted, ExtenderRules.Of(version).Counted(requested));

    /// <summary>The oracle has no logarithm: a score of n is reached when n doublings of the divisor still fit into the free GiB.</summary>
    [Fact]
    public void The_score_is_the_number_of_doublings_of_the_divisor_that_fit() =>
        Gen.Select(Gen.ULong[0, 1UL << 45], Gen.Int[1, 4096], Gen.Bool).Sample((free, divisor, isOld) =>
        {
            var rules = ExtenderRules.Of(isOld ? "0.10.0" : "0.41.0");
            var doublings = 0;
            while (doublings < 10 && (BigInteger)divisor << (doublings + 1) <= free >> 30) doublings++;
            var expected = free == 0 ? 0 : isOld ? doublings : Math.Max(1, doublings);
            Assert.Equal(expected, rules.Score(free, divisor));
        }, iter: 20_000);

    [Fact]
    public void More_space_never_scores_less() =>
        Gen.Select(Gen.ULong[0, 1UL << 44], Gen.ULong[0, 1UL << 44], Gen.Double[0.001, 5000], Gen.OneOf("0.10.0", "0.41.0")).Sample((one, other, divisor, version) =>
        {
            var rules = ExtenderRules.Of(version);
            Assert.True(rules.Score(Math.Min(one, other), divisor) <= rules.Score(Math.Max(one, other), divisor));
            Assert.InRange(rules.Score(one, divisor), 0, 10);
        });
}
