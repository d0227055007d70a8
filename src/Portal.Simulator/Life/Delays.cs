namespace Portal.Simulator.Life;

/// <summary>Remembers since when each thing has been waiting, and says when its delay is over. A pass asks for everything that waits;
/// what a pass no longer asks for is forgotten, and starts anew when it is asked for again.</summary>
internal sealed class Delays(TimeProvider time)
{
    private Dictionary<string, DateTimeOffset> _since = [];
    private Dictionary<string, DateTimeOffset> _asked = [];
    private DateTimeOffset? _next;

    public void BeginPass() => (_asked, _next) = ([], null);

    /// <summary>Ends a pass and tells how long it is until the first delay is over; null when nothing waits.</summary>
    public TimeSpan? EndPass()
    {
        _since = _asked;
        if (_next is not { } next) return null;
        var left = next - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>True once the thing has waited for the delay.</summary>
    public bool IsOver(string thing, TimeSpan delay)
    {
        var now = time.GetUtcNow();
        if (!_asked.TryGetValue(thing, out var since)) _asked[thing] = since = _since.GetValueOrDefault(thing, now);
        var end = since + delay;
        if (end <= now) return true;
        if (_next is null || end < _next) _next = end;
        return false;
    }
}
