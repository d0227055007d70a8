using CsCheck;
using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Tests.Core.Metrics;

public sealed class IoRatesTests
{
    [Fact]
    public void Rates_are_what_counters_gained_by_the_time_that_passed()
    {
        var before = Readings.Counters("vda", 1000, 500);
        var after = Readings.Counters("vda", 1100, 520);

        var rates = IoRates.Between(before, after, 2000)!.Value;

        Assert.Equal(new IoRates(100 * 4096 / 2.0, 20 * 4096 / 2.0, 50, 10, 2, 2, 0.12, 12), rates);
    }

    [Fact]
    public void What_was_not_read_has_no_latency()
    {
        var rates = IoRates.Between(Readings.Counters("vda", 7, 7), Readings.Counters("vda", 7, 9), 1000)!.Value;

        Assert.Equal((double.NaN, 2.0), (rates.ReadLatency, rates.WriteLatency));
    }

    [Fact]
    public void Counters_that_began_anew_have_no_rate() => Assert.Null(IoRates.Between(Readings.Counters("vda", 1000, 0), Readings.Counters("vda", 3, 0), 1000));

    [Fact]
    public void Times_that_pass_the_kernels_32_bits_go_on()
    {
        var before = Readings.Counters("vda", 10, 10) with { ReadMilliseconds = uint.MaxValue - 99, BusyMilliseconds = uint.MaxValue - 99 };
        var after = Readings.Counters("vda", 20, 10) with { ReadMilliseconds = 100, BusyMilliseconds = 100 };

        var rates = IoRates.Between(before, after, 1000)!.Value;

        Assert.Equal((20.0, 20.0), (rates.ReadLatency, rates.Busy));
    }

    [Fact]
    public void No_rate_is_ever_negative_or_endless() =>
        Gen.Select(Counters, Counters, Gen.Long[-10, 1_000_000]).Sample((before, after, milliseconds) =>
        {
            if (IoRates.Between(before, after, milliseconds) is not { } rates) return;
            Assert.All(Metric.Io, metric => Assert.True(double.IsNaN(rates.Of(metric)) || (rates.Of(metric) >= 0 && double.IsFinite(rates.Of(metric)))));
            Assert.InRange(rates.Busy, 0, 100);
        });

    [Fact]
    public void Disks_together_have_the_sum_and_the_latency_of_their_requests()
    {
        var sum = IoRates.Sum([new(10, 20, 1, 3, 4, 8, 0.5, 50), new(30, 0, 3, 0, 8, double.NaN, 1, 90)]);

        Assert.Equal(new IoRates(40, 20, 4, 3, 7, 8, 1.5, 90), sum);
    }

    private static readonly Gen<DeviceCounters> Counters = Gen.Long[0, long.MaxValue / 1024].Array[9].Select(values =>
        new DeviceCounters("8:0", "vda", values[0], values[1], values[2] % uint.MaxValue, values[3], values[4], values[5] % uint.MaxValue, values[6] % 1000, values[7] % uint.MaxValue, values[8] % uint.MaxValue));
}
