using CsCheck;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class OptionsMergeTests
{
    private static readonly Gen<SchedulerOptions> Options =
        from listen in Gen.OneOf("localhost:9251", ":8000")
        from divisor in Gen.Int[1, 3]
        from divisors in Gen.Select(Gen.OneOf("ssd", "hdd", "nvme"), Gen.Int[1, 3]).Array[0, 3]
        select new SchedulerOptions
        {
            Listen = listen,
            DefaultDivisor = divisor,
            Divisors = divisors.Aggregate(SchedulerOptions.Default.Divisors, (made, one) => made.SetItem(one.Item1, one.Item2)),
        };

    [Fact]
    public void Changes_of_different_values_stand_beside_each_other()
    {
        var before = SchedulerOptions.Default with { Divisors = SchedulerOptions.Default.Divisors.Add("ssd", 1).Add("hdd", 2) };
        var theirs = before with { Listen = "localhost:9251", Divisors = before.Divisors.Remove("hdd") };
        var mine = before with { DefaultDivisor = 4, Divisors = before.Divisors.SetItem("ssd", 8).Add("nvme", 16) };

        var merge = OptionsMerge.Of(before, theirs, mine);

        Assert.Empty(merge.Conflicts);
        Assert.Equal(new SchedulerOptions { Listen = "localhost:9251", DefaultDivisor = 4, Divisors = SchedulerOptions.Default.Divisors.Add("ssd", 8).Add("nvme", 16) }, merge.Options);
    }

    [Fact]
    public void A_value_that_both_changed_is_named_and_mine_stands()
    {
        var before = SchedulerOptions.Default with { Divisors = SchedulerOptions.Default.Divisors.Add("ssd", 1) };

        var merge = OptionsMerge.Of(before, before with { DefaultDivisor = 2, Divisors = before.Divisors.SetItem("ssd", 3) }, before with { DefaultDivisor = 5, Divisors = before.Divisors.Remove("ssd") });

        Assert.Equal(["default-divisor", "divisors/ssd"], merge.Conflicts);
        Assert.Equal(SchedulerOptions.Default with { DefaultDivisor = 5 }, merge.Options);
    }

    [Fact]
    public void Who_changes_nothing_gets_the_others_change_and_the_same_change_is_no_conflict() =>
        Gen.Select(Options, Options).Sample((before, changed) =>
        {
            Assert.Equal(changed, OptionsMerge.Of(before, changed, before).Options);
            Assert.Equal(changed, OptionsMerge.Of(before, before, changed).Options);
            Assert.Equal(changed, OptionsMerge.Of(before, changed, changed).Options);
            Assert.Empty(OptionsMerge.Of(before, changed, before).Conflicts.Concat(OptionsMerge.Of(before, before, changed).Conflicts).Concat(OptionsMerge.Of(before, changed, changed).Conflicts));
        });
}
