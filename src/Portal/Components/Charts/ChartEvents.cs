using Microsoft.JSInterop;

namespace Portal.Components.Charts;

/// <summary>What the browser tells of a chart.</summary>
public sealed class ChartEvents(Func<ChartRange?, Task> zoomed)
{
    /// <summary>A stretch of time was chosen by dragging or with the keyboard; milliseconds since 1970.</summary>
    [JSInvokable]
    public Task ZoomAsync(double from, double to) => zoomed(ChartRange.Between(DateTimeOffset.FromUnixTimeMilliseconds((long)from), DateTimeOffset.FromUnixTimeMilliseconds((long)to)));

    /// <summary>Back to what was shown before.</summary>
    [JSInvokable]
    public Task ZoomOutAsync() => zoomed(null);
}
