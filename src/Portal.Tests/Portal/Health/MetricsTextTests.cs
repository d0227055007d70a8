using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Health;

namespace Portal.Tests.Portal.Health;

public sealed class MetricsTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ServiceProvider _others = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _others.Dispose();
    }

    [Fact]
    public void What_another_portal_in_the_process_measures_is_not_told()
    {
        using var text = new MetricsText(Meters(_services));
        Meters(_services).Create("Portal.Test").CreateObservableGauge("portal.test.level", () => 7);
        Meters(_others).Create("Portal.Test").CreateObservableGauge("portal.test.level", () => 8);
        Meters(_others).Create("Portal.Test").CreateCounter<int>("portal.test.others").Add(1);

        Assert.Contains("portal_test_level 7", text.Write(), StringComparison.Ordinal);
        Assert.DoesNotContain("portal_test_others", text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everybody_who_asks_at_the_same_time_is_told_everything()
    {
        using var text = new MetricsText(Meters(_services));
        Meters(_services).Create("Portal.Test").CreateObservableGauge("portal.test.level", () => 7);

        Parallel.For(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Contains("portal_test_level 7", text.Write(), StringComparison.Ordinal));
    }

    private static IMeterFactory Meters(ServiceProvider services) => services.GetRequiredService<IMeterFactory>();
}
