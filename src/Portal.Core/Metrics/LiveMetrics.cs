using System.Collections.Immutable;

namespace Portal.Core.Metrics;

// Of every node the latest rates are kept, which costs a few numbers per device; the run of the last quarter of an hour is kept for nodes that
// somebody looks at. Older points, and those from before anybody looked, come from the history.

/// <summary>What a node does now.</summary>
/// <param name="At">When it was measured last, in milliseconds since 1970 by the node's clock.</param>
public sealed record NodeRates(string Node, long At)
{
    /// <summary>By thing: disks, logical volumes, thin pools.</summary>
    public ImmutableArray<KeyValuePair<Measured, IoRates>> Io { get; init; } = [];

    public ImmutableArray<GaugeReading> Gauges { get; init; } = [];

    /// <summary>What the rates were made of last.</summary>
    public ImmutableArray<CounterReading> Counters { get; init; } = [];

    public IoRates? Find(Measured of)
    {
        foreach (var (one, rates) in Io)
            if (one == of) return rates;
        return null;
    }
}

/// <summary>What all nodes do now, as far as agents tell.</summary>
public sealed record LiveRates(IReadOnlyDictionary<string, NodeRates> Nodes)
{
    public static readonly LiveRates Empty = new(ImmutableDictionary<string, NodeRates>.Empty);

    public NodeRates? Find(string node) => Nodes.GetValueOrDefault(node);
}

/// <summary>Makes rates of readings as they come, and keeps those of the last quarter of an hour for nodes that are watched.</summary>
public sealed class LiveMetrics
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NodeRun> _nodes = [];

    private bool _changed;

    /// <summary>Signals once a second while something is measured: thousands of nodes do not make thousands of pictures.</summary>
    public Live<LiveRates> Now { get; } = new(LiveRates.Empty);

    /// <summary>Takes a node's newest readings in, in order; what is not newer than what is known is passed over.</summary>
    public void Accept(string node, IEnumerable<NodeReading> readings)
    {
        Action[] watchers;
        lock (_gate)
        {
            var run = RunOf(node);
            foreach (var reading in readings) run.Accept(reading);
            _changed = true;
            watchers = [.. run.Watchers];
        }
        foreach (var arrived in watchers) arrived();
    }

    /// <summary>Shows the picture every second to who follows it, until cancelled.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(cancel)) Publish();
    }

    /// <summary>Shows what has come since the last time; does nothing when nothing has.</summary>
    public void Publish()
    {
        Dictionary<string, NodeRates> nodes;
        lock (_gate)
        {
            if (!_changed) return;
            _changed = false;
            nodes = _nodes.Where(node => node.Value.Latest is not null).ToDictionary(node => node.Key, node => node.Value.Latest!);
        }
        Now.Publish(new(nodes));
    }

    /// <summary>Keeps the run of a node's rates until it is disposed. That the node is measured often is asked of its agent elsewhere.</summary>
    public IDisposable Watch(string node) => Watch(node, static () => { });

    /// <inheritdoc cref="Watch(string)"/>
    /// <param name="arrived">Called when points of the node have come, on the thread that brings them: it must return at once and must not throw.</param>
    public IDisposable Watch(string node, Action arrived)
    {
        lock (_gate) RunOf(node).Watchers.Add(arrived);
        return new Ending(() =>
        {
            lock (_gate)
            {
                var run = RunOf(node);
                run.Watchers.Remove(arrived);
                if (run.Watchers.Count == 0) run.Forget();
            }
        });
    }

    /// <summary>The points since a moment that are kept of a watched node; empty when there are none.</summary>
    /// <param name="from">Milliseconds since 1970, not included.</param>
    public ImmutableArray<MetricPoint> Points(SeriesKey key, long from)
    {
        lock (_gate) return _nodes.TryGetValue(key.Of.Node, out var run) ? run.Points(key, from) : [];
    }

    /// <summary>The first moment that is kept of a watched node, in milliseconds since 1970; null when nothing is.</summary>
    public long? Since(string node)
    {
        lock (_gate) return _nodes.TryGetValue(node, out var run) ? run.Since : null;
    }

    private NodeRun RunOf(string node)
    {
        if (!_nodes.TryGetValue(node, out var run)) _nodes[node] = run = new();
        return run;
    }

    private sealed class NodeRun
    {
        private readonly Queue<NodeRates> _kept = new();
        private readonly Dictionary<Measured, (NodeReading In, Agents.DeviceCounters Counters)> _before = [];

        public List<Action> Watchers { get; } = [];

        public NodeRates? Latest { get; private set; }

        public long? Since => _kept.Count == 0 ? null : _kept.Peek().At;

        public void Accept(NodeReading reading)
        {
            if (Latest is { } latest && reading.At <= latest.At) return;
            var io = ImmutableArray.CreateBuilder<KeyValuePair<Measured, IoRates>>(reading.Counters.Length);
            foreach (var (of, counters) in reading.Counters)
            {
                var rates = _before.TryGetValue(of, out var before) && before.In.BootId == reading.BootId
                    ? IoRates.Between(before.Counters, counters, reading.At - before.In.At) : null;
                if (rates is { } known) io.Add(new(of, known));
                _before[of] = (reading, counters);
            }
            if (_before.Count > reading.Counters.Length) ForgetGone(reading);
            Latest = new(reading.Node, reading.At) { Io = io.ToImmutable(), Gauges = reading.Gauges, Counters = reading.Counters };
            if (Watchers.Count == 0) return;
            // The run is of rates; counters are wanted of the latest moment alone.
            _kept.Enqueue(Latest with { Counters = [] });
            while (reading.At - _kept.Peek().At > Kept.TotalMilliseconds) _kept.Dequeue();
        }

        public void Forget() => _kept.Clear();

        public ImmutableArray<MetricPoint> Points(SeriesKey key, long from)
        {
            var points = ImmutableArray.CreateBuilder<MetricPoint>();
            foreach (var rates in _kept)
            {
                if (rates.At <= from) continue;
                var value = ValueOf(rates, key);
                if (double.IsNaN(value)) points.Add(MetricPoint.Gap(rates.At));
                else points.Add(MetricPoint.One(rates.At, value));
            }
            return points.ToImmutable();
        }

        private static double ValueOf(NodeRates rates, SeriesKey key)
        {
            if (Metric.Io.Contains(key.Metric)) return rates.Find(key.Of)?.Of(key.Metric) ?? double.NaN;
            foreach (var gauge in rates.Gauges)
                if (gauge.Key == key) return gauge.Value;
            return double.NaN;
        }

        private void ForgetGone(NodeReading reading)
        {
            foreach (var (of, _) in _before.Where(before => before.Value.In != reading).ToArray()) _before.Remove(of);
        }
    }
}
