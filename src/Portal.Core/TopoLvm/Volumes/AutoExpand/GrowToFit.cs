using Portal.Core.Forecast;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes.AutoExpand;

/// <summary>How large a volume has to be to last a while.</summary>
public static class GrowToFit
{
    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    // Not full to the last byte on the last day.
    private const double FullPart = .9;
    private const long Gibibyte = 1L << 30;

    /// <summary>In whole GiB; null where it lasts that long as it is, or nobody knows.</summary>
    public static Quantity? SizeFor(Volume volume, FillForecast? forecast, double usedBytes, double sizeBytes)
    {
        if (forecast is not { Trend: FillTrend.Filling, PerDay: > 0 } || volume.RequestedBytes is not { } asked || sizeBytes <= 0) return null;
        var needed = (usedBytes + forecast.PerDay * Span.TotalDays) / FullPart;
        if (needed <= sizeBytes) return null;
        // A file system is a little smaller than what it lies on.
        var bytes = needed * asked / sizeBytes;
        return bytes < long.MaxValue / 2 ? Quantity.Of((long)Math.Ceiling(bytes / Gibibyte) * Gibibyte) : null;
    }
}
