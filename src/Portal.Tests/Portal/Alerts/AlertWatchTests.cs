using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.Core.Alerts;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Alerts;

public sealed class AlertWatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_fires_is_shown_kept_acknowledged_and_silenced_and_a_new_portal_knows_of_it()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        var watch = portal.Services.GetRequiredService<AlertWatch>();
        var store = portal.Services.GetRequiredService<AlertStore>();

        await watch.SaveAsync(AlertThresholds.Default with { VolumeGroup = new(1, 2), ThinData = new(1, 2) }, "ada", Cancel);
        await Eventually.PassesAsync(async () =>
        {
            await watch.LookAsync(Cancel);
            Assert.NotEmpty(watch.Live.Current.Firing);
        }, Cancel);
        var first = watch.Live.Current.Firing[0];
        await watch.AcknowledgeAsync(first.Id, "ada", Cancel);
        await watch.SilenceAsync("thin-pool-data", null, TimeSpan.FromHours(1), "known", "bob", Cancel);

        var kept = await store.LoadAsync(DateTimeOffset.UnixEpoch, Cancel);
        Assert.Equal("ada", kept.Firing.Single(one => one.Id == first.Id).AcknowledgedBy);
        Assert.Equal(first.Alert.What, kept.Firing.Single(one => one.Id == first.Id).Alert.What);
        Assert.Equal(1, kept.Thresholds.ThinData.Warning);
        Assert.Equal(("known", "bob"), (Assert.Single(kept.Silences).Why, kept.Silences[0].CreatedBy));
        Assert.DoesNotContain(watch.Live.Current.Open(DateTimeOffset.UnixEpoch), one => one.Alert.Rule == "thin-pool-data" || one.Id == first.Id);

        await watch.EndSilenceAsync(kept.Silences[0].Id, Cancel);
        Assert.Empty(watch.Live.Current.Silences);
    }
}
