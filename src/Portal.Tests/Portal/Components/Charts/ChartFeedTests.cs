using System.Collections.Immutable;
using Portal.Components.Charts;
using Portal.Core.Metrics;
using static Portal.Tests.Portal.Components.Charts.GivenChart;

namespace Portal.Tests.Portal.Components.Charts;

public sealed class ChartFeedTests
{
    private static readonly SeriesKey Busy = new(Measured.Disk("edge-1", "vdb"), Metric.Busy);
    private static readonly SeriesKey Queue = new(Measured.Disk("edge-1", "vdb"), Metric.Queue);

    private readonly PlayedSource _source = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_second_only_what_is_new_is_asked_for()
    {
        var feed = new ChartFeed(_source);
        _source[Busy] = Run(0, 100);
        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(100), Cancel);
        _source[Busy] = Run(0, 101);

        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(101), Cancel);

        Assert.Equal(Start.AddSeconds(99), _source.Asked[^1].From);
        Assert.Equal(Run(0, 101), feed.Series[Busy].Points);
    }

    [Fact]
    public async Task What_has_come_is_read_at_once_and_not_a_second_later()
    {
        var feed = new ChartFeed(_source);
        _source[Busy] = Run(0, 100);
        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(100), Cancel);
        Assert.False(feed.IsDue([Busy], ChartRange.Usual, Start.AddSeconds(100.6)));

        feed.Arrived();

        Assert.True(feed.IsDue([Busy], ChartRange.Usual, Start.AddSeconds(100.6)));
        // A node that was cut off tells an hour in many pieces.
        Assert.False(feed.IsDue([Busy], ChartRange.Usual, Start.AddSeconds(100.1)));
        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(100.6), Cancel);
        Assert.False(feed.IsDue([Busy], ChartRange.Usual, Start.AddSeconds(101.2)));
    }

    [Fact]
    public async Task A_series_that_lags_is_not_left_behind()
    {
        var feed = new ChartFeed(_source);
        (_source[Busy], _source[Queue]) = (Run(0, 100), Run(0, 40));
        await feed.ReadAsync([Busy, Queue], ChartRange.Usual, Start.AddSeconds(100), Cancel);
        (_source[Busy], _source[Queue]) = (Run(0, 101), Run(0, 101));

        await feed.ReadAsync([Busy, Queue], ChartRange.Usual, Start.AddSeconds(101), Cancel);

        Assert.Equal(Run(0, 101), feed.Series[Queue].Points);
    }

    [Fact]
    public async Task Points_that_come_late_are_there_half_a_minute_later()
    {
        var feed = new ChartFeed(_source);
        _source[Busy] = [.. Run(0, 20), .. Run(60, 100)];
        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(100), Cancel);
        for (var second = 101; second <= 130; second++)
        {
            _source[Busy] = Run(0, second);
            await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(second), Cancel);
        }

        Assert.Equal(Run(0, 130), feed.Series[Busy].Points);
    }

    [Fact]
    public async Task What_is_older_than_the_left_edge_goes()
    {
        var feed = new ChartFeed(_source);
        var range = new ChartRange(TimeSpan.FromSeconds(50), null);
        _source[Busy] = Run(0, 100);
        await feed.ReadAsync([Busy], range, Start.AddSeconds(100), Cancel);
        _source[Busy] = Run(0, 105);

        await feed.ReadAsync([Busy], range, Start.AddSeconds(105), Cancel);

        Assert.Equal(Start.AddSeconds(55), feed.Series[Busy].Points[0].Time);
    }

    [Fact]
    public async Task A_reading_that_failed_is_not_repeated_at_once_and_then_is_whole()
    {
        var feed = new ChartFeed(_source);
        _source[Busy] = Run(0, 100);
        await feed.ReadAsync([Busy], ChartRange.Usual, Start.AddSeconds(100), Cancel);
        _source.Failure = new HttpRequestException("refused");
        await Assert.ThrowsAsync<HttpRequestException>(() => feed.ReadAsync([Queue], ChartRange.Usual, Start.AddSeconds(101), Cancel));
        Assert.False(feed.IsDue([Queue], ChartRange.Usual, Start.AddSeconds(101)));
        (_source.Failure, _source[Queue]) = (null, Run(0, 100));

        await feed.ReadAsync([Queue], ChartRange.Usual, Start.AddSeconds(102), Cancel);

        Assert.Equal(Run(0, 100), feed.Series[Queue].Points);
    }

    private sealed class PlayedSource : IMetricSource
    {
        private readonly Dictionary<SeriesKey, MetricPoint[]> _points = [];

        public List<MetricQuery> Asked { get; } = [];

        public Exception? Failure { get; set; }

        public MetricPoint[] this[SeriesKey key]
        {
            set => _points[key] = value;
        }

        public Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
        {
            Asked.Add(query);
            return Failure is not null ? Task.FromException<ImmutableArray<MetricSeries>>(Failure) : Task.FromResult<ImmutableArray<MetricSeries>>(
                [.. query.Series.Select(key => new MetricSeries(key, [.. _points[key].Where(point => point.Time >= query.From && point.Time <= query.To)], MetricOrigin.Agent))]);
        }
    }
}
