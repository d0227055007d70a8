namespace Portal.Components;

/// <summary>The one clock of all pages: signals each second, and only while a page shows an age.</summary>
public sealed class Clock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Action[] _subscribers = [];
    private ITimer? _timer;

    public DateTimeOffset Now => time.GetUtcNow();

    public IDisposable Subscribe(Action tick)
    {
        lock (_gate)
        {
            _subscribers = [.. _subscribers, tick];
            _timer ??= time.CreateTimer(static clock => ((Clock)clock!).Tick(), this, TickEvery, TickEvery);
        }
        return new Subscription(this, tick);
    }

    public void Dispose()
    {
        lock (_gate) _timer?.Dispose();
    }

    private void Tick()
    {
        foreach (var tick in Volatile.Read(ref _subscribers)) tick();
    }

    private void Remove(Action tick)
    {
        lock (_gate)
        {
            var index = Array.IndexOf(_subscribers, tick);
            if (index >= 0) _subscribers = [.. _subscribers[..index], .. _subscribers[(index + 1)..]];
            if (_subscribers.Length > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private sealed class Subscription(Clock clock, Action tick) : IDisposable
    {
        public void Dispose() => clock.Remove(tick);
    }
}
