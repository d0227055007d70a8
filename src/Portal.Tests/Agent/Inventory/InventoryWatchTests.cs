using Portal.Agent.Inventory;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Inventory;

public sealed class InventoryWatchTests : IAsyncLifetime
{
    private readonly PlannedNode _node = new("/nowhere");
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private InventoryWatch _watch = null!;
    private Task _running = Task.CompletedTask;
    private int _published;

    public async ValueTask InitializeAsync()
    {
        _watch = new(_node, _time);
        _watch.Live.Subscribe(() => _published++);
        _running = _watch.RunAsync(_stop.Token);
        await _time.TimersPendingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watch.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void The_first_reading_is_at_the_start() => Assert.Equal((1, 1), (_node.Readings, _published));

    [Fact]
    public async Task A_burst_of_changes_is_one_reading()
    {
        _node.Inventory = _node.Inventory with { Devices = [new("sdb", "/dev/sdb", "disk", 1)] };

        for (var i = 0; i < 5; i++) _node.Changed.Set();
        await _time.TimerDueWithinAsync(InventoryWatch.Settle);
        _time.Advance(InventoryWatch.Settle);

        await Eventually.PassesAsync(() => Assert.Equal("sdb", Assert.Single(_watch.Live.Current.Devices).Name), TestContext.Current.CancellationToken);
        Assert.Equal((2, 2), (_node.Readings, _published));
    }

    [Fact]
    public async Task What_nobody_says_is_found_within_a_minute()
    {
        _node.Inventory = _node.Inventory with { HasDeviceMapper = true };

        await PassMinuteAsync();

        Assert.True(_watch.Live.Current.HasDeviceMapper);
    }

    [Fact]
    public async Task A_reading_that_finds_nothing_new_tells_its_time_alone()
    {
        var first = _watch.Live.Current;

        await PassMinuteAsync();

        Assert.Equal((2, 2), (_node.Readings, _published));
        Assert.Equal((first with { TakenAt = _watch.Live.Current.TakenAt }, first.TakenAt.AddSeconds(1)), (_watch.Live.Current, _watch.Live.Current.TakenAt));
    }

    private async Task PassMinuteAsync()
    {
        await _time.TimerDueWithinAsync(InventoryWatch.ReadEvery);
        _time.Advance(InventoryWatch.ReadEvery);
        await _time.TimerDueWithinAsync(InventoryWatch.Settle);
        _time.Advance(InventoryWatch.Settle);
        await Eventually.PassesAsync(() => Assert.Equal(2, _node.Readings), TestContext.Current.CancellationToken);
        await _time.TimersPendingAsync();
    }
}
