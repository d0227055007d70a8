using Portal.Core;

namespace Portal.Tests.Core;

public sealed class LiveTests
{
    [Fact]
    public void A_subscriber_is_told_that_something_changed_and_reads_the_current_value()
    {
        var live = new Live<string>("before");
        var seen = new List<string>();
        using var subscription = live.Subscribe(() => seen.Add(live.Current));

        live.Publish("after");

        Assert.Equal(["after"], seen);
    }

    [Fact]
    public void A_disposed_subscription_hears_nothing_and_leaves_the_others()
    {
        var live = new Live<string>("");
        var (first, second) = (0, 0);
        var gone = live.Subscribe(() => first++);
        using var stays = live.Subscribe(() => second++);

        gone.Dispose();
        gone.Dispose();
        live.Publish("x");

        Assert.Equal((0, 1), (first, second));
    }

    [Fact]
    public async Task Signals_before_a_look_collapse_into_one()
    {
        var signal = new Signal();
        signal.Set();
        signal.Set();

        await signal.WaitAsync(TestContext.Current.CancellationToken);

        Assert.False(signal.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
    }
}
