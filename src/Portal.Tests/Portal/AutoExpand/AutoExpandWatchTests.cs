using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.AutoExpand;
using Portal.Core.Alerts;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes.AutoExpand;
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
        var volume = Growable(portal).First();
        var asked = volume.RequestedBytes!.Value;
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        var watch = portal.Services.GetRequiredService<AutoExpandWatch>();
        await policies.SaveAsync(null, volume.Name, null, new() { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = asked + Gi, CooldownMinutes = 1 }, isEnabled: true, "ada", Cancel);

        Fill(portal, volume, .95);
        await watch.LookAsync(Cancel);
        var begun = policies.Live.Current.Latest[volume.Name.ToString()];
        Assert.Null(begun.Problem);
        await Eventually.PassesAsync(() => Assert.Equal(asked + Gi, Now(portal, volume).UsableBytes), Cancel);
        await Eventually.PassesAsync(() => Assert.Equal(OperationState.Done, portal.Services.GetRequiredService<OperationRunner>().Live.Current.Find(begun.OperationId!.Value)!.State), Cancel);
        await watch.LookAsync(Cancel);
        Assert.Equal(begun, policies.Live.Current.Latest[volume.Name.ToString()]);

        await policies.SaveAsync(policies.Live.Current.Policies[0], volume.Name, null, new() { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = asked + Gi, CooldownMinutes = 0 }, isEnabled: true, "ada", Cancel);
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

    [Fact]
    public async Task A_changed_policy_never_expands_above_its_new_limit_and_waits_as_before()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        var volume = Growable(portal).First();
        var asked = volume.RequestedBytes!.Value;
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        var watch = portal.Services.GetRequiredService<AutoExpandWatch>();
        var rules = new AutoExpandRules { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = asked + 100 * Gi, CooldownMinutes = 60 };
        await policies.SaveAsync(null, volume.Name, null, rules, isEnabled: true, "ada", Cancel);
        Fill(portal, volume, .95);
        await watch.LookAsync(Cancel);
        await EndAsync(portal, volume);

        await ChangeAsync(rules with { StepBytes = 4 * Gi, LimitBytes = asked + 2 * Gi });
        await watch.LookAsync(Cancel);
        Assert.Equal(asked + Gi, Now(portal, volume).RequestedBytes);
        await ChangeAsync(rules with { StepBytes = 4 * Gi, LimitBytes = asked + 2 * Gi, CooldownMinutes = 0 });
        await watch.LookAsync(Cancel);
        await EndAsync(portal, volume);
        await watch.LookAsync(Cancel);

        Assert.Equal(asked + 2 * Gi, Now(portal, volume).RequestedBytes);
        Assert.Equal(3, (await policies.HistoryAsync(volume.Name.ToString(), Cancel)).Length);

        Task ChangeAsync(AutoExpandRules changed) => policies.SaveAsync(policies.Live.Current.Policies[0], volume.Name, null, changed, isEnabled: true, "bob", Cancel);
    }

    [Fact]
    public async Task A_limit_that_is_lowered_while_volumes_are_looked_at_counts_for_the_next_volume()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        var (first, second) = (Growable(portal).First(), Growable(portal).Skip(1).First());
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        var rules = new AutoExpandRules { ThresholdPercent = 80, StepBytes = Gi, LimitBytes = 1000 * Gi };
        foreach (var volume in new[] { first, second }) await policies.SaveAsync(null, volume.Name, null, rules, isEnabled: true, "ada", Cancel);
        using var lowered = portal.Services.GetRequiredService<OperationRunner>().Live.Subscribe(() => policies.Live.Update(state => state with
        {
            Policies = [.. state.Policies.Select(policy => policy with { Rules = rules with { LimitBytes = Gi } })],
        }));

        foreach (var volume in new[] { first, second }) Fill(portal, volume, .95);
        await portal.Services.GetRequiredService<AutoExpandWatch>().LookAsync(Cancel);

        Assert.NotNull(policies.Live.Current.Latest[first.Name.ToString()].To);
        Assert.Contains("its policy allows", policies.Live.Current.Latest[second.Name.ToString()].Problem!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_expanded_is_no_alert_any_more_once_its_policy_is_turned_off_or_removed()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        var volume = Growable(portal).First();
        var name = volume.Name.ToString();
        var policies = portal.Services.GetRequiredService<AutoExpandPolicies>();
        var watch = portal.Services.GetRequiredService<AutoExpandWatch>();
        var rules = new AutoExpandRules { ThresholdPercent = 80, LimitBytes = 1 };
        await policies.SaveAsync(null, volume.Name, null, rules, isEnabled: true, "ada", Cancel);
        Fill(portal, volume, .95);
        await watch.LookAsync(Cancel);
        Assert.NotNull(policies.Live.Current.Latest[name].Problem);

        await policies.SaveAsync(policies.Live.Current.Policies[0], volume.Name, null, rules, isEnabled: false, "ada", Cancel);
        await watch.LookAsync(Cancel);
        Assert.DoesNotContain(name, policies.Live.Current.Latest.Keys);
        await policies.SaveAsync(policies.Live.Current.Policies[0], volume.Name, null, rules, isEnabled: true, "ada", Cancel);
        await watch.LookAsync(Cancel);
        Assert.NotNull(policies.Live.Current.Latest[name].Problem);
        await policies.DeleteAsync(policies.Live.Current.Policies[0].Id, Cancel);
        await watch.LookAsync(Cancel);

        Assert.DoesNotContain(name, policies.Live.Current.Latest.Keys);
    }

    private static IEnumerable<Volume> Growable(TestPortal portal) =>
        portal.Storage.ClaimedVolumes.Where(one => one.WhyNotResize() is null && one.Resize is null && one.Users.Any() && AlertObjects.MeasuredAs(one) is not null && one.Headroom?.FreeBytes > 5 * Gi);

    private static async Task EndAsync(TestPortal portal, Volume volume)
    {
        var begun = portal.Services.GetRequiredService<AutoExpandPolicies>().Live.Current.Latest[volume.Name.ToString()];
        Assert.Null(begun.Problem);
        await Eventually.PassesAsync(() => Assert.Equal(OperationState.Done, portal.Services.GetRequiredService<OperationRunner>().Live.Current.Find(begun.OperationId!.Value)!.State), Cancel);
        await Eventually.PassesAsync(() => Assert.Null(Now(portal, volume).Resize), Cancel);
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
