using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>Has nodes measured often, and their last minutes kept, as long as somebody looks at them.</summary>
public sealed class MetricWatch(AgentRegistry agents, LiveMetrics metrics)
{
    /// <param name="arrived">Called when something of them has come; must return at once.</param>
    public IDisposable Watch(ImmutableArray<string> nodes, Action arrived) => new Watched([.. nodes.Select(agents.Watch), .. nodes.Select(node => metrics.Watch(node, arrived))]);

    private sealed class Watched(ImmutableArray<IDisposable> watches) : IDisposable
    {
        public void Dispose()
        {
            foreach (var watch in watches) watch.Dispose();
        }
    }
}
