using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>Has nodes measured often, and their last minutes kept, as long as somebody looks at them.</summary>
public sealed class MetricWatch(AgentRegistry agents, LiveMetrics metrics)
{
    public IDisposable Watch(ImmutableArray<string> nodes) => new Watched([.. nodes.Select(agents.Watch), .. nodes.Select(metrics.Watch)]);

    private sealed class Watched(ImmutableArray<IDisposable> watches) : IDisposable
    {
        public void Dispose()
        {
            foreach (var watch in watches) watch.Dispose();
        }
    }
}
