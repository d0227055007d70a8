using CsCheck;
using Portal.Core.Forecast;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Volumes.AutoExpand;

namespace Portal.Tests.Core.TopoLvm.Volumes.AutoExpand;

public sealed class AutoExpandDecisionTests
{
    private const long Gi = 1L << 30;

    private static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly AutoExpandRules Rules = new() { LimitBytes = 100 * Gi };

    [Fact]
    public void Below_the_threshold_nothing_happens_and_from_it_on_it_grows_by_its_step()
    {
        Assert.Equal((null, null), Decide(Rules, used: 8.4));
        Assert.Equal(("12Gi", null), Decide(Rules, used: 8.6));
        Assert.Equal(("15Gi", null), Decide(Rules with { StepBytes = 5 * Gi }, used: 8.6));
    }

    [Fact]
    public void The_last_step_ends_at_the_limit_and_there_it_says_so()
    {
        Assert.Equal(("11Gi", null), Decide(Rules with { LimitBytes = 11 * Gi }));
        Assert.Equal("Volume shop/data has 10 GiB, and its policy allows 10.5 GiB. Raise the limit, or delete files.", Decide(Rules with { LimitBytes = 10 * Gi + Gi / 2 }).Problem);
    }

    [Fact]
    public void What_others_were_promised_and_what_shall_be_left_is_not_taken()
    {
        Assert.Equal(("11Gi", null), Decide(Rules with { HeadroomBytes = 4 * Gi }, free: 10, promised: 5));
        Assert.Equal("Volume shop/data is not expanded: 5 GiB are free on node edge-1, and its policy leaves 5 GiB there. Add a disk to the node, or lower what is left.",
            Decide(Rules with { HeadroomBytes = 5 * Gi }, free: 10, promised: 5).Problem);
    }

    [Fact]
    public void After_an_expansion_it_waits()
    {
        Assert.Equal((null, null), Decide(Rules, last: Now.AddMinutes(-59)));
        Assert.Equal(("12Gi", null), Decide(Rules, last: Now.AddMinutes(-60)));
    }

    [Fact]
    public void While_it_grows_and_where_it_cannot_grow_nothing_is_started()
    {
        var volume = GivenVolume.Of("10Gi", 100 * Gi);
        var growing = volume with { Claim = GivenVolume.Claim("20Gi") with { Status = volume.Claim!.Status } };
        var fixedSize = volume with { StorageClass = volume.StorageClass! with { AllowVolumeExpansion = false } };

        Assert.Equal(new(null, null), AutoExpandDecision.For(growing, 9.5 * Gi, 10 * Gi, Rules, null, 0, Now));
        Assert.Equal(fixedSize.WhyNotResize(), AutoExpandDecision.For(fixedSize, 9.5 * Gi, 10 * Gi, Rules, null, 0, Now).Problem);
    }

    [Fact]
    public void Never_above_the_limit_never_below_the_headroom() =>
        (from size in Gen.Int[1, 500]
         from free in Gen.Long[0, 1000 * Gi]
         from promised in Gen.Long[0, 200 * Gi]
         from rules in Gen.Select(Gen.Int[1, 99], Gen.Int[0, 1000], Gen.Long[0, 300 * Gi], Gen.Long[1, 600 * Gi], Gen.Long[0, 300 * Gi])
         from version in Gen.OneOf(Gen.Const("0.10.0"), Gen.Const("0.41.0"))
         select (size, free, promised, version, Rules: new AutoExpandRules { ThresholdPercent = rules.Item1, StepPercent = rules.Item2, StepBytes = rules.Item3, LimitBytes = rules.Item4, HeadroomBytes = rules.Item5 }))
        .Sample(given =>
        {
            var volume = GivenVolume.Of($"{given.size}Gi", given.free, given.version);

            var decision = AutoExpandDecision.For(volume, given.size * .995 * Gi, given.size * Gi, given.Rules, null, given.promised, Now);

            Assert.True(decision.Size is null != decision.Problem is null);
            if (decision.Size is not { } size) return;
            var made = volume.Release.RoundUp(size.Value);
            Assert.True(size.Value > given.size * Gi);
            Assert.True(made <= given.Rules.LimitBytes, $"{made} > {given.Rules.LimitBytes}");
            Assert.True(given.free - given.promised - (made - given.size * Gi) >= given.Rules.HeadroomBytes);
        }, iter: 2000);

    [Fact]
    public void To_fit_thirty_days_it_gets_what_it_will_hold_and_some_air()
    {
        var volume = GivenVolume.Of("10Gi", 100 * Gi);
        var forecast = new FillForecast(FillTrend.Filling, Message.Verbatim("")) { PerDay = .5 * Gi, FullAt = Now.AddDays(4) };

        Assert.Equal("26Gi", GrowToFit.SizeFor(volume, forecast, 8 * Gi, 10 * Gi)?.ToString());
        Assert.Null(GrowToFit.SizeFor(volume, forecast with { PerDay = .01 * Gi }, 8 * Gi, 10 * Gi));
        Assert.Null(GrowToFit.SizeFor(volume, forecast with { Trend = FillTrend.Steady }, 8 * Gi, 10 * Gi));
    }

    private static (string? Size, string? Problem) Decide(AutoExpandRules rules, double used = 9, long free = 100, long promised = 0, DateTimeOffset? last = null)
    {
        var decision = AutoExpandDecision.For(GivenVolume.Of("10Gi", free * Gi), used * Gi, 10.0 * Gi, rules, last, promised * Gi, Now);
        return (decision.Size?.ToString(), decision.Problem?.English);
    }
}
