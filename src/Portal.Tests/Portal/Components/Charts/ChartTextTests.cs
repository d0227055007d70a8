using System.Globalization;
using Portal.Components.Charts;
using Portal.Core.Metrics;
using static Portal.Tests.Portal.Components.Charts.GivenChart;

namespace Portal.Tests.Portal.Components.Charts;

public sealed class ChartTextTests
{
    [Fact]
    public void A_chart_says_in_words_what_it_shows()
    {
        using var _ = new InLanguage("en");
        var spec = Of(Line("Read", [.. Enumerable.Range(0, 90).Select(second => At(second, second * 1024))]), Line("Write"));

        Assert.Equal("Read: 89 KiB/s at the end, lowest 0 B/s, highest 89 KiB/s, rising. Write: nothing was measured. Nothing was measured since 10:01:29.",
            ChartSummary.Of(spec, time => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_chart_says_so_in_chinese_too()
    {
        using var _ = new InLanguage("zh-CN");

        Assert.StartsWith("读：最新 3 KiB/秒，最低 3 KiB/秒，最高 3 KiB/秒，平稳。", ChartSummary.Of(Of(Line("读", At(1, 3072))), _ => ""), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_only_expected_is_no_measurement()
    {
        using var _ = new InLanguage("en");
        var spec = Of(Line("Used", At(0, 1)), Line("Expected", At(0, 1), At(3600, 2)) with { IsExpected = true });

        Assert.Equal(Start, spec.LatestAt);
        Assert.DoesNotContain("since", ChartSummary.Of(spec, time => time.ToString("O", CultureInfo.InvariantCulture)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MetricUnit.Bytes, 1536, "1.5 KiB")]
    [InlineData(MetricUnit.BytesPerSecond, 12.5 * 1024 * 1024, "12.5 MiB/s")]
    [InlineData(MetricUnit.OperationsPerSecond, 12345, "12,345/s")]
    [InlineData(MetricUnit.Milliseconds, 0.256, "0.26 ms")]
    [InlineData(MetricUnit.Percent, 99.96, "100 %")]
    [InlineData(MetricUnit.Count, 2, "2")]
    [InlineData(MetricUnit.Count, 0.00512, "0.0051")]
    [InlineData(MetricUnit.Count, double.NaN, "–")]
    public void Numbers_have_the_unit_that_fits(MetricUnit unit, double value, string text)
    {
        using var _ = new InLanguage("en");

        Assert.Equal(text, MetricText.Format(unit, value));
    }

    [Fact]
    public void The_file_holds_the_points_and_an_empty_cell_for_a_gap()
    {
        using var _ = new InLanguage("en");
        var spec = Of(Line("Read", At(0, 1, 2, 3), GapAt(1), At(2, 4)), Line("Write", At(2, 0.5)));

        Assert.Equal(
            """
            Time (UTC),Read (B/s),"Read (B/s), lowest","Read (B/s), highest",Write (B/s)
            2026-11-27T10:00:00.000Z,2,1,3,
            2026-11-27T10:00:01.000Z,,,,
            2026-11-27T10:00:02.000Z,4,4,4,0.5

            """.ReplaceLineEndings("\r\n"), ChartRows.Csv(spec).TrimStart('\uFEFF'));
    }

    [Theory]
    [InlineData("http://portal/monitoring?range=6h", 6 * 3600, null)]
    [InlineData("http://portal/monitoring", 900, null)]
    [InlineData("http://portal/monitoring?range=never", 900, null)]
    [InlineData("http://portal/monitoring?from=2026-11-27T10:00:00Z&to=2026-11-27T10:30:00Z", 1800, "2026-11-27T10:00:00Z")]
    [InlineData("http://portal/monitoring?from=2026-11-27T10:00:00Z&to=2026-11-27T09:00:00Z", 900, null)]
    public void The_range_stands_in_the_url(string uri, int seconds, string? from)
    {
        var range = ChartRange.Read(uri);

        Assert.Equal((TimeSpan.FromSeconds(seconds), from is null ? null : DateTimeOffset.Parse(from, CultureInfo.InvariantCulture)), (range.Length, range.From));
        var query = string.Join('&', range.ToQuery().Where(one => one.Value is not null).Select(one => one.Key + "=" + one.Value));
        Assert.Equal(range, ChartRange.Read("http://portal/monitoring?" + query));
    }

    [Fact]
    public void A_line_can_be_reckoned_from_series_of_the_same_moments()
    {
        var group = Measured.VolumeGroup("edge-1", "myvg1");
        var (size, free) = (new SeriesKey(group, Metric.SizeBytes), new SeriesKey(group, Metric.FreeBytes));
        var plan = new ChartPlan("capacity", "Capacity", MetricUnit.Bytes, [new("Used", [size, free]) { Value = values => values[0] - values[1] }]);
        var series = new Dictionary<SeriesKey, MetricSeries>
        {
            [size] = new(size, [At(0, 10), At(1, 10), At(2, 10)], MetricOrigin.Agent), [free] = new(free, [At(0, 4), At(2, 3)], MetricOrigin.Agent),
        };

        Assert.Equal([At(0, 6), GapAt(1), At(2, 7)], plan.With(series, Start, Start.AddMinutes(1), isLive: true).Lines[0].Points);
    }

    private sealed class InLanguage : IDisposable
    {
        private readonly CultureInfo _before = CultureInfo.CurrentCulture;
        private readonly CultureInfo _uiBefore = CultureInfo.CurrentUICulture;

        public InLanguage(string name) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);

        public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_before, _uiBefore);
    }
}
