using System.Collections.Immutable;
using Portal.Core.Forecast;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>How full something was, what comes if it goes on so, and how much it holds.</summary>
public static class FillChart
{
    private const int Used = 0;
    private const int Size = 7;

    /// <param name="id">Tells it from the other charts of its page.</param>
    public static ChartSpec Of(string id, string title, FillOutlook outlook, DateTimeOffset now)
    {
        var expected = outlook.Expected();
        var from = outlook.Past.Used.FirstOrDefault(point => !point.IsGap) is { At: > 0 } first ? first.Time : now;
        var to = expected.IsEmpty ? now : expected[^1].Time;
        var lines = ImmutableArray.CreateBuilder<ChartLine>();
        lines.Add(new(ChartTexts.Used, outlook.Past.Used) { Colour = Used });
        if (!expected.IsEmpty) lines.Add(new(ChartTexts.Expected, expected) { Colour = Used, IsExpected = true });
        if (outlook.Past.Unit == MetricUnit.Bytes) lines.Add(new(ChartTexts.Size, [Limit(from), Limit(to)]) { Colour = Size, IsExpected = true });
        return new(id, title, outlook.Past.Unit, lines.ToImmutable(), from, to) { Source = outlook is { Origin: { } origin, Of: { } of } ? ChartSource.Of([new(of, outlook.Past.Used, origin)], null) : "" };

        MetricPoint Limit(DateTimeOffset at) => MetricPoint.One(at.ToUnixTimeMilliseconds(), outlook.Past.Limit);
    }
}
