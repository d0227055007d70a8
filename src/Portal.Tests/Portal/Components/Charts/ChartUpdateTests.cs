using Portal.Components.Charts;
using Portal.Core.Metrics;
using static Portal.Tests.Portal.Components.Charts.GivenChart;

namespace Portal.Tests.Portal.Components.Charts;

public sealed class ChartUpdateTests
{
    [Fact]
    public void A_chart_that_goes_on_costs_one_point_per_line()
    {
        ChartSpec At(int second) => Of([.. Enumerable.Range(0, 60).Select(line => Line("line " + line, Run(second, second + 600)))]);
        var (_, shown) = ChartUpdate.Between(null, At(0));

        var (update, _) = ChartUpdate.Between(shown, At(1));

        Assert.Null(update.Shape);
        Assert.Equal([new(1, 599, 1, false), new(1, 599, 1, true)], update.Lines);
        Assert.Equal(8 + (60 * 4), update.Numbers.Length);
    }

    [Fact]
    public void A_late_point_costs_what_comes_after_it()
    {
        var (_, shown) = ChartUpdate.Between(null, Of(Line("read", [.. Run(0, 50), .. Run(60, 100)])));

        var (update, _) = ChartUpdate.Between(shown, Of(Line("read", [.. Run(0, 100)])));

        Assert.Equal((0, 50, 50), (update.Lines[0].Drop, update.Lines[0].Keep, update.Lines[0].Count));
    }

    [Fact]
    public void Another_line_is_another_chart()
    {
        var (_, shown) = ChartUpdate.Between(null, Of(Line("read", Run(0, 5))));

        var (update, _) = ChartUpdate.Between(shown, Of(Line("read", Run(0, 5)), Line("write", Run(0, 5))));

        Assert.Equal(0, update.Base);
        Assert.Equal(2, update.Shape!.Lines.Length);
        Assert.True(update.Lines[1].SharesTimes);
    }

    [Fact]
    public void A_browser_that_has_another_version_says_so()
    {
        var browser = new PlayedBrowser();
        var (first, shown) = ChartUpdate.Between(null, Of(Line("read", Run(0, 5))));
        var (_, missed) = ChartUpdate.Between(shown, Of(Line("read", Run(0, 6))));
        var (third, _) = ChartUpdate.Between(missed, Of(Line("read", Run(0, 7))));

        Assert.True(browser.Take(first));
        Assert.False(browser.Take(third));
    }

    [Fact]
    public void Whatever_changes_the_browser_has_the_points_of_the_chart()
    {
        var random = new Random(20261127);
        var browser = new PlayedBrowser();
        ShownChart? shown = null;
        var lines = Enumerable.Range(0, 3).Select(_ => new List<MetricPoint>()).ToArray();
        for (var round = 0; round < 500; round++)
        {
            foreach (var line in lines) Change(line, random);
            var spec = Of([.. lines.Select((line, at) => Line("line " + at, [.. line]))]);
            (var update, shown) = ChartUpdate.Between(shown, spec);

            Assert.True(browser.Take(update));
            Assert.Equal(spec.Lines.Select(line => line.Points.Select(Rounded)), browser.Lines.Select(line => line.Select(Rounded)));
        }
    }

    // The browser's numbers have four bytes; without a spread it has the means alone.
    private static (long, float) Rounded(MetricPoint point) => (point.At, (float)point.Average);

    private static void Change(List<MetricPoint> line, Random random)
    {
        var next = line.Count == 0 ? 0 : (int)((line[^1].At - Start.ToUnixTimeMilliseconds()) / 1000) + random.Next(1, 4);
        switch (random.Next(8))
        {
            case 0 when line.Count > 0:
                line.RemoveRange(0, random.Next(line.Count));
                break;
            case 1 when line.Count > 0:
                line[random.Next(line.Count)] = line[random.Next(line.Count)];
                line.Sort((one, other) => one.At.CompareTo(other.At));
                break;
            case 2:
                line.Clear();
                break;
            case 3:
                line.Add(GapAt(next));
                break;
            case 4:
                line.Add(At(next, 1, 2, 3));
                break;
            default:
                line.AddRange(Run(next, next + random.Next(20)));
                break;
        }
    }
}
