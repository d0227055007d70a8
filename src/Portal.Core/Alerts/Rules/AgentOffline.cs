using System.Globalization;
using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>The agent of a node that had one is away.</summary>
internal sealed class AgentOffline : IAlertRule
{
    public string Id => "agent-offline";

    public Message Title => AlertTexts.AgentOfflineTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from node in facts.Storage.Nodes
        let since = facts.Agents.Find(node.Name)?.OfflineSince
        where since is not null && facts.Now - since >= TimeSpan.FromMinutes(facts.Thresholds.AgentMinutes)
        let at = since.Value.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)
        select new Alert(Id, node.Name, AlertSeverity.Warning, node.IsReady ? AlertTexts.AgentOffline(node.Name, at) : AlertTexts.AgentOfflineNode(node.Name, at),
            node.IsReady ? AlertTexts.AgentOfflineNext(node.Name) : AlertTexts.AgentOfflineNodeNext(node.Name), AlertObjects.OnNode(node.Name));
}
