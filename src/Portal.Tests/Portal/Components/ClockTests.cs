using Portal.Components;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Components;

public sealed class ClockTests
{
    [Fact]
    public void It_ticks_each_second_while_somebody_listens()
    {
        var time = new ManualTime();
        using var clock = new Clock(time);
        var ticks = 0;

        using (clock.Subscribe(() => ticks++))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, ticks);
    }
}
