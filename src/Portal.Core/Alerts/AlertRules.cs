using System.Collections.Immutable;
using Portal.Core.Alerts.Rules;

namespace Portal.Core.Alerts;

/// <summary>Every rule there is; a new one is a file in Rules and a line here.</summary>
public static class AlertRules
{
    public static ImmutableArray<IAlertRule> All { get; } =
    [
        new DiskMissing(), new ThinPoolMetadataFill(), new ThinPoolFill(), new VolumeGroupFill(), new FileSystemFill(), new FillsSoon(),
        new AgentOffline(), new ExpansionStuck(), new AutoExpandRefused(), new AutoExpanded(), new VerificationFailed(),
    ];

    /// <summary>All that is the matter, the worst first.</summary>
    public static ImmutableArray<Alert> Find(AlertFacts facts) =>
        [.. All.SelectMany(rule => rule.Find(facts)).DistinctBy(alert => alert.Key).OrderByDescending(alert => alert.Severity)];

    public static IAlertRule? Rule(string id) => All.FirstOrDefault(rule => rule.Id == id);
}
