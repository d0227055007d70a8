using Portal.Components.Charts;
using Portal.Core.Metrics;

namespace Portal.Tests.Portal.Components.Charts;

/// <summary>Charts for tests.</summary>
internal static class GivenChart
{
    public static readonly DateTimeOffset Start = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    public static ChartSpec Of(params ChartLine[] lines) => new("disk-throughput", "Throughput", MetricUnit.BytesPerSecond, [.. lines], Start, Start.AddMinutes(15));

    public static ChartLine Line(string name, params MetricPoint[] points) => new(name, [.. points]);

    /// <summary>A point some seconds after the start.</summary>
    public static MetricPoint At(int seconds, double value) => MetricPoint.One(Start.AddSeconds(seconds).ToUnixTimeMilliseconds(), value);

    public static MetricPoint At(int seconds, double low, double mean, double high) => new(Start.AddSeconds(seconds).ToUnixTimeMilliseconds(), low, mean, high);

    public static MetricPoint GapAt(int seconds) => MetricPoint.Gap(Start.AddSeconds(seconds).ToUnixTimeMilliseconds());

    public static MetricPoint[] Run(int from, int to) => [.. Enumerable.Range(from, to - from).Select(second => At(second, second))];
}
