using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Agents;
using Portal.Core.Alerts;
using Portal.Core.Forecast;
using Portal.Core.Metrics;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using static Portal.Tests.Core.Alerts.GivenAlerts;

namespace Portal.Tests.Core.Alerts;

public sealed class AlertRulesTests
{
    [Fact]
    public void Where_nothing_is_the_matter_nothing_fires() => Assert.Empty(AlertRules.Find(Quiet));

    [Fact]
    public void A_volume_group_that_is_nearly_full_is_told_with_its_numbers_in_both_languages()
    {
        var alert = Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 10), [Thick(90)])));

        Assert.Equal(("volume-group-fill:edge-1/myvg1", AlertSeverity.Warning), (alert.Key, alert.Severity));
        Assert.Equal("Volume group myvg1 on node edge-1 is 90 % full: 10 GiB of 100 GiB are left for volumes.", alert.What.English);
        Assert.Equal("节点 edge-1 的卷组 myvg1 已使用 90%：可供卷使用的 100 GiB 中还剩 10 GiB。", alert.What.In(CultureInfo.GetCultureInfo("zh-CN")));
        Assert.Equal(AlertSeverity.Critical, Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 5), [Thick(95)]))).Severity);
    }

    [Fact]
    public void A_volume_group_that_was_handed_to_a_thin_pool_is_not_full() =>
        Assert.Empty(AlertRules.Find(Quiet.WithGroup(Group(100, 1), [Pool(99, 20, 5), new("myvg1", "thin-volume", "t", 500 * Gi) { Layout = "thin", Pool = "pool0" }])));

    [Fact]
    public void Beside_a_thin_pool_only_what_is_left_for_thick_volumes_counts()
    {
        Assert.Empty(AlertRules.Find(Quiet.WithGroup(Group(100, 20), [Pool(50, 20, 5), Thick(30)])));
        Assert.Contains("2 GiB of 50 GiB", Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 2), [Pool(50, 20, 5), Thick(48)]))).What.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_agent_the_numbers_of_topolvm_are_taken_and_the_reserve_is_not_counted_as_used()
    {
        var capacity = new Capacity("ssd", 2 * Gi) { VolumeGroup = "myvg1", SizeBytes = 100 * Gi, IsCurrent = true, SpareBytes = 50 * Gi, SubtractsSpare = true };
        AlertFacts With(params ImmutableArray<Capacity> classes) => Quiet with
        {
            Agents = new(), Storage = Quiet.Storage with { Nodes = [Quiet.Storage.Nodes[0] with { Capacities = classes }], ClaimedVolumes = [] },
        };

        Assert.Empty(AlertRules.Find(With(capacity)));
        Assert.Equal("volume-group-fill:edge-1/myvg1", Assert.Single(AlertRules.Find(With(capacity with { SpareBytes = 5 * Gi }))).Key);
        Assert.Empty(AlertRules.Find(With(capacity with { SpareBytes = 0 }, new Capacity("thin", 90 * Gi) { VolumeGroup = "myvg1", IsThin = true, SizeBytes = 90 * Gi })));
    }

    [Fact]
    public void Data_and_metadata_of_a_thin_pool_are_told_apart()
    {
        Assert.Equal("thin-pool-data:edge-1/myvg1/pool0", Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 1), [Pool(99, 81, 74)]))).Key);
        Assert.Equal("thin-pool-metadata:edge-1/myvg1/pool0", Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 1), [Pool(99, 79, 76)]))).Key);
    }

    [Fact]
    public void What_was_measured_after_the_inventory_counts_more()
    {
        var facts = Quiet.WithGroup(Group(100, 1), [Pool(99, 50, 5)]);

        var alert = Assert.Single(AlertRules.Find(facts with { Newest = key => key == new SeriesKey(Measured.ThinPool("edge-1", "myvg1", "pool0"), Metric.DataPercent) ? 96 : null }));

        Assert.Equal(AlertSeverity.Critical, alert.Severity);
    }

    [Fact]
    public void A_file_system_that_fills_up_is_told_of_its_volume_and_one_with_room_is_not()
    {
        Assert.Empty(AlertRules.Find(Quiet.WithUsed(8)));
        var alert = Assert.Single(AlertRules.Find(Quiet.WithUsed(9)));
        Assert.Equal("Volume shop/data is 90 % full: 1 GiB of 10 GiB are left in its file system.", alert.What.English);
        Assert.Equal("Expand the volume on its page, or delete files.", alert.Next.English);
    }

    [Fact]
    public void What_stands_stays_until_it_has_clearly_turned()
    {
        var facts = Quiet.WithUsed(8.4);
        var standing = facts with { Standing = facts.Standing.Add("file-system-fill:shop/data", AlertSeverity.Warning) };

        Assert.Empty(AlertRules.Find(facts));
        Assert.Single(AlertRules.Find(standing));
        Assert.Empty(AlertRules.Find(standing.WithUsed(8.2)));
    }

    [Fact]
    public void What_is_full_within_days_is_told_with_the_forecast()
    {
        AlertFacts In(double days) => Quiet with
        {
            Forecasts = ImmutableDictionary<Measured, FillForecast>.Empty.Add(Data, new(FillTrend.Filling, Message.Verbatim("It grows.")) { FullAt = Now.AddDays(days) }),
        };

        Assert.Empty(AlertRules.Find(In(8)));
        Assert.Equal("Volume shop/data fills up. It grows.", Assert.Single(AlertRules.Find(In(6))).What.English);
        Assert.Equal(AlertSeverity.Critical, Assert.Single(AlertRules.Find(In(.9))).Severity);
    }

    [Fact]
    public void A_missing_disk_is_critical()
    {
        var alert = Assert.Single(AlertRules.Find(Quiet.WithGroup(Group(100, 50, missing: 1), [])));

        Assert.Equal(("disk-missing:edge-1/myvg1", AlertSeverity.Critical), (alert.Key, alert.Severity));
    }

    [Fact]
    public void An_agent_that_is_away_for_long_is_told_and_one_that_comes_back_in_minutes_is_not()
    {
        Assert.Empty(AlertRules.Find(Quiet.WithAgent(agent => agent with { OfflineSince = Now.AddMinutes(-9) })));
        Assert.Equal("agent-offline:edge-1", Assert.Single(AlertRules.Find(Quiet.WithAgent(agent => agent with { OfflineSince = Now.AddMinutes(-11) }))).Key);
    }

    [Fact]
    public void An_agent_that_was_there_before_the_portal_started_is_missed_and_one_that_never_was_is_not()
    {
        var without = Quiet with { Agents = new() };

        Assert.Empty(AlertRules.Find(without));
        Assert.Equal("agent-offline:edge-1", Assert.Single(AlertRules.Find(without with { Agents = Remembered("edge-1", Now.AddHours(-2)) })).Key);
    }

    [Fact]
    public void An_expansion_that_stopped_is_told_with_the_reason()
    {
        var volume = Volume();
        var larger = volume with { Claim = volume.Claim! with { Spec = volume.Claim.Spec with { Resources = new() { Requests = ImmutableDictionary<string, string>.Empty.Add("storage", "20Gi") } } } };
        var stopped = larger with { StorageClass = larger.StorageClass! with { AllowVolumeExpansion = false } };

        Assert.Empty(AlertRules.Find(Quiet with { Storage = Storage(larger) }));
        var alert = Assert.Single(AlertRules.Find(Quiet with { Storage = Storage(stopped) }));
        Assert.Equal("The expansion of volume shop/data from 10 GiB to 20 GiB does not go on.", alert.What.English);
        Assert.Equal(stopped.Resize!.Text, alert.Next);
    }

    [Fact]
    public void An_expansion_that_waits_for_too_long_is_told()
    {
        var volume = Volume();
        AlertFacts Since(int minutes) => Quiet with
        {
            Storage = Storage(volume with
            {
                Claim = volume.Claim! with { Status = volume.Claim.Status with { Conditions = [new() { Type = "FileSystemResizePending", Status = "True", LastTransitionTime = Now.AddMinutes(-minutes) }] } },
            }),
        };

        Assert.Empty(AlertRules.Find(Since(29)));
        Assert.Equal("expansion-stuck:shop/data", Assert.Single(AlertRules.Find(Since(31))).Key);
    }

    [Fact]
    public void A_failed_verification_is_told_until_one_goes_well()
    {
        Assert.Equal("verification-failed:ssd", Assert.Single(AlertRules.Find(Quiet with { Verification = new(1, "ssd", Message.Verbatim("No.")) })).Key);
        Assert.Empty(AlertRules.Find(Quiet with { Verification = new(1, "ssd", null) }));
    }

    [Fact]
    public void A_refused_automatic_expansion_is_told_and_one_that_went_well_is_not()
    {
        Assert.Equal("auto-expand-refused:shop/data", Assert.Single(AlertRules.Find(Quiet with { AutoExpansions = [new("shop/data", Now, "10Gi", null, Message.Verbatim("No room."))] })).Key);
        Assert.Empty(AlertRules.Find(Quiet with { AutoExpansions = [new("shop/data", Now.AddHours(-2), "10Gi", "12Gi", null)] }));
    }

    [Fact]
    public void An_automatic_expansion_is_noticed_for_an_hour()
    {
        var alert = Assert.Single(AlertRules.Find(Quiet with { AutoExpansions = [new("shop/data", Now.AddMinutes(-59), "10Gi", "12Gi", null)] }));

        Assert.Equal(("auto-expanded:shop/data", AlertSeverity.Notice), (alert.Key, alert.Severity));
        Assert.Equal("Volume shop/data was expanded by its policy from 10Gi to 12Gi.", alert.What.English);
    }

    [Fact]
    public void While_the_agent_that_could_tell_is_away_nothing_is_over()
    {
        var alert = Assert.Single(AlertRules.Find(Quiet.WithUsed(9)));

        Assert.True(Quiet.CanTell(alert));
        Assert.False(Quiet.WithAgent(agent => agent with { OfflineSince = Now }).CanTell(alert));
        Assert.False((Quiet with { Agents = Remembered("edge-1", Now) }).CanTell(alert));
        Assert.True((Quiet with { Agents = new() }).CanTell(alert));
    }

    [Fact]
    public void Every_rule_has_its_own_name() => Assert.Equal(AlertRules.All.Length, AlertRules.All.Select(rule => rule.Id).Distinct().Count());

    [Theory]
    [InlineData(0, 50, false)]
    [InlineData(90, 80, false)]
    [InlineData(80, 101, false)]
    [InlineData(80, 90, true)]
    public void Thresholds_that_make_no_sense_are_seen(int warning, int critical, bool isSound) =>
        Assert.Equal(isSound, (AlertThresholds.Default with { FileSystem = new(warning, critical) }).IsSound);

    private static AgentsSnapshot Remembered(string node, DateTimeOffset heardAt)
    {
        var agents = new AgentRegistry(TimeProvider.System);
        agents.Remember(node, heardAt);
        return agents.Live.Current;
    }
}
