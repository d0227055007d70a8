using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Charts;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Metrics;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>An hour in which an agent cannot reach its portal: what charts are answered before, meanwhile and afterwards, against what the node counted.</summary>
public sealed class CutOffAgentTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // As charts ask for five minutes, a quarter of an hour, 1, 3, 6 and 24 hours.
    private static readonly (TimeSpan Range, TimeSpan Step)[] Charts =
    [
        (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1)), (TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1)), (Hour, TimeSpan.FromSeconds(4)),
        (3 * Hour, TimeSpan.FromSeconds(12)), (6 * Hour, TimeSpan.FromSeconds(24)), (24 * Hour, TimeSpan.FromSeconds(96)),
    ];

    private LoadedNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await LoadedNode.StartAsync(Cancel);

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_hour_without_the_portal_is_missing_and_then_filled_with_what_the_counters_counted(bool isWatched)
    {
        using var watch = isWatched ? Watch() : null;
        _node.Work(TimeSpan.FromMinutes(3));
        await _node.CaughtUpAsync(Cancel);
        await ExpectWhatWasCountedAsync();

        await CutAsync();
        var cutAt = _node.Now.ToUnixTimeMilliseconds();
        _node.Work(Hour);
        foreach (var (range, step) in Charts)
            Assert.DoesNotContain(await _node.AskAsync(range, step, Cancel), point => point.At > cutAt && !point.IsGap);

        _node.Network.Mend();
        await _node.CaughtUpAsync(Cancel);
        _node.Work(TimeSpan.FromMinutes(2));
        await _node.CaughtUpAsync(Cancel);
        await ExpectWhatWasCountedAsync();
        await FoldedAsync();
        await ExpectWhatWasCountedAsync();
    }

    [Fact]
    public async Task A_start_of_the_node_makes_a_gap_and_no_spike_at_the_link_and_away_from_it()
    {
        using var watch = Watch();
        _node.Work(TimeSpan.FromMinutes(3));
        _node.Reboot(TimeSpan.FromMinutes(2));
        _node.Work(TimeSpan.FromMinutes(5));
        await _node.CaughtUpAsync(Cancel);
        await ExpectWhatWasCountedAsync();

        await CutAsync();
        _node.Work(TimeSpan.FromMinutes(50));
        _node.Reboot(TimeSpan.FromMinutes(3));
        _node.Work(TimeSpan.FromMinutes(7));

        _node.Network.Mend();
        await _node.CaughtUpAsync(Cancel);
        _node.Work(TimeSpan.FromMinutes(1));
        await _node.CaughtUpAsync(Cancel);
        await ExpectWhatWasCountedAsync();
        await FoldedAsync();
        await ExpectWhatWasCountedAsync();
    }

    private IDisposable Watch() => _node.Portal.Services.GetRequiredService<MetricWatch>().Watch([LoadedNode.Name], static () => { });

    private async Task CutAsync()
    {
        _node.Network.Cut();
        await _node.Agent.Link.State.UntilAsync(link => !link.IsUp, Cancel);
    }

    /// <summary>In every chart no point is higher or lower than what the node did then, all of them add up to what the counters counted, and nothing that was
    /// measured is missing.</summary>
    private async Task ExpectWhatWasCountedAsync()
    {
        foreach (var (range, step) in Charts)
        {
            var points = await _node.AskAsync(range, step, Cancel);
            var (charted, seen) = (0.0, 0L);
            foreach (var point in points.Where(point => !point.IsGap))
            {
                var (from, to) = TimeOf(point, step);
                // A point is made of finer ones, which do not know in which of their seconds something was.
                var within = (long)(step < Tier.Minutes.Step ? Tier.TenSeconds : Tier.Minutes).Step.TotalMilliseconds;
                var rates = _node.RatesIn(from - within, to + within);
                Assert.True(rates is not null, $"{range} by {step}: {point.Time:T} has a point, and was not measured");
                Assert.InRange(point.Average, rates.Value.Lowest * 0.998, rates.Value.Highest * 1.002);
                Assert.InRange(point.Max, point.Average, rates.Value.Highest * 1.002);
                var (_, measured) = _node.CountedIn(from, to);
                (charted, seen) = (charted + (point.Average * measured / 1000), seen + measured);
            }
            var (start, end) = (_node.Now - range, _node.Now);
            var all = _node.CountedIn(start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
            // At both edges a step may lie across.
            Assert.InRange(seen, all.Measured - (2 * step.TotalMilliseconds), all.Measured + (2 * step.TotalMilliseconds));
            Assert.InRange(charted, (all.Bytes * 0.999) - (2 * step.TotalSeconds * LoadedNode.Fastest), (all.Bytes * 1.001) + (2 * step.TotalSeconds * LoadedNode.Fastest));
        }
    }

    /// <summary>The last minutes of a watched node come from memory, second by second, with the moment at which each ended.</summary>
    private (long From, long To) TimeOf(MetricPoint point, TimeSpan step)
    {
        var isFromMemory = step < Tier.TenSeconds.Step && _node.Portal.Services.GetRequiredService<LiveMetrics>().Since(LoadedNode.Name) is { } since && point.At >= since;
        return isFromMemory ? (point.At - 1000, point.At) : (point.At, point.At + (long)step.TotalMilliseconds);
    }

    /// <summary>Waits until what is older than the window that has not ended lies in segments.</summary>
    private Task FoldedAsync() => Eventually.PassesAsync(() =>
        Assert.True(_node.Portal.Services.GetRequiredService<MetricHistory>().Times[LoadedNode.Name] is { FoldedUntil: var until } && until > (_node.Now - TimeSpan.FromMinutes(11)).ToUnixTimeMilliseconds()), Cancel);
}
