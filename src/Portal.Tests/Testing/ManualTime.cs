namespace Portal.Tests.Testing;

/// <summary>A clock that stands still until a test moves it. Timers run on the thread that moves it, each at the moment it is due.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiting = [];
    private DateTimeOffset _now = start;

    public ManualTime() : this(new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and runs what becomes due on the way, in order.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } due) due.Run();
        lock (_lock) _now = end;
    }

    /// <summary>Moves the clock to the moment at which the next timer is due, and runs it; returns how far that was.</summary>
    public TimeSpan AdvanceToNextTimer()
    {
        TimeSpan span;
        lock (_lock) span = _timers.Min(timer => timer.Due) - _now;
        Advance(span);
        return span;
    }

    /// <summary>Completes when that many timers are pending: the code under test has begun to wait, and moving the clock will wake it.</summary>
    public Task TimersPendingAsync(int count = 1) => ReachedAsync(() => _timers.Count >= count);

    /// <summary>Completes when a timer is pending that moving the clock by that much will run.</summary>
    public Task TimerDueWithinAsync(TimeSpan span) => ReachedAsync(() => _timers.Exists(timer => timer.Due <= _now + span));

    private Task ReachedAsync(Func<bool> isReached)
    {
        lock (_lock)
        {
            if (isReached()) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isReached, reached));
            return reached.Task;
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end) return null;
            if (next.Due > _now) _now = next.Due;
            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero) Schedule(next, next.Due + next.Period);
            return next;
        }
    }

    private void Schedule(ManualTimer timer, DateTimeOffset? due)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (due is null) return;
            timer.Due = due.Value;
            _timers.Add(timer);
            _waiting.RemoveAll(waiting => waiting.IsReached() && waiting.Reached.TrySetResult());
        }
    }

    private sealed class ManualTimer(ManualTime time, Action run) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Run() => run();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            time.Schedule(this, dueTime == Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + dueTime);
            return true;
        }

        public void Dispose() => time.Schedule(this, null);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
