using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.AutoExpand;
using Portal.Core.Alerts;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Operations;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.AutoExpand;

public sealed class AutoExpandWatchTests
{
    private const long Gi = 1L << 30;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_that_fills_up_grows_once_and_at_its_limit_it_is_told_why_it_does_not()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        var volume = portal.Storage.ClaimedVolumes.First(one => one.WhyNotResize() is null && one.Resize is null && one.Users.Any() && AlertObjects.MeasuredAs(one) is not null && one.Headroom?.FreeBytes > 5 * Gi);
        var asked = volume.RequestedBytes!.Value;
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        var watch = portal.Services.GetRequiredService<AutoExpandWatch>();
        await policies.SaveAsync(volume.Name, null, new() { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = asked + Gi, CooldownMinutes = 1 }, isEnabled: true, "ada", Cancel);

        Fill(portal, volume, .95);
        await watch.LookAsync(Cancel);
        var begun = policies.Live.Current.Latest[volume.Name.ToString()];
        Assert.Null(begun.Problem);
        await Eventually.PassesAsync(() => Assert.Equal(asked + Gi, Now(portal, volume).UsableBytes), Cancel);
        await Eventually.PassesAsync(() => Assert.Equal(OperationState.Done, portal.Services.GetRequiredService<OperationRunner>().Live.Current.Find(begun.OperationId!.Value)!.State), Cancel);
        await watch.LookAsync(Cancel);
        Assert.Equal(begun, policies.Live.Current.Latest[volume.Name.ToString()]);

        await policies.SaveAsync(volume.Name, null, new() { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = asked + Gi, CooldownMinutes = 0 }, isEnabled: true, "ada", Cancel);
        await watch.LookAsync(Cancel);
        await watch.LookAsync(Cancel);

        Assert.Equal(asked + Gi, Now(portal, volume).RequestedBytes);
        var history = await policies.HistoryAsync(volume.Name.ToString(), Cancel);
        Assert.Equal(2, history.Length);
        Assert.Contains("its policy allows", history[0].Problem!.English, StringComparison.Ordinal);
        var alerts = portal.Services.GetRequiredService<AlertWatch>();
        await alerts.LookAsync(Cancel);
        Assert.Contains(alerts.Live.Current.Firing, kept => kept.Alert.Key == $"auto-expand-refused:{volume.Name}");
    }

    private static Volume Now(TestPortal portal, Volume volume) => portal.Storage.ClaimedVolumes.Single(one => one.Name == volume.Name);

    private static void Fill(TestPortal portal, Volume volume, double part)
    {
        var of = AlertObjects.MeasuredAs(volume)!.Value;
        var live = portal.Services.GetRequiredService<LiveMetrics>();
        var at = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds();
        live.Accept(of.Node, [new NodeReading(of.Node, at, "boot", MetricOrigin.Agent)
        {
            Gauges = [new(new(of, Metric.UsedBytes), part * 100 * Gi), new(new(of, Metric.SizeBytes), 100 * Gi)],
        }]);
        live.Publish();
    }
}
