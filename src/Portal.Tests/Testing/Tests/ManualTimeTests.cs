namespace Portal.Tests.Testing.Tests;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Timers_run_in_the_order_they_are_due_each_at_its_own_moment()
    {
        var start = _time.GetUtcNow();
        var ran = new List<(string, TimeSpan)>();
        using var late = _time.CreateTimer(_ => ran.Add(("late", _time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var every = _time.CreateTimer(_ => ran.Add(("every", _time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(
            [("every", TimeSpan.FromSeconds(2)), ("every", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)), ("every", TimeSpan.FromSeconds(6))],
            ran);
        Assert.Equal(TimeSpan.FromSeconds(6), _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_reaches_it()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _time, TestContext.Current.CancellationToken);
        await _time.TimersPendingAsync();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await delay;
    }

    [Fact]
    public void A_disposed_timer_does_not_run()
    {
        var ran = false;
        _time.CreateTimer(_ => ran = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(ran);
    }
}
