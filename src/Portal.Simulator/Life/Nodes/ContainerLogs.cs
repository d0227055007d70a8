using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>What the containers of a node have written: of each the run that goes on, and the one before it.</summary>
public sealed class ContainerLogs
{
    // A kubelet rotates its files; here the oldest lines are forgotten.
    private const int LongestRun = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string PodUid, string Container), Runs> _runs = [];

    /// <summary>Begins a run: what was written so far belongs to the one before.</summary>
    public void Begin(string podUid, string container)
    {
        lock (_gate) _runs[(podUid, container)] = new([], _runs.GetValueOrDefault((podUid, container))?.Current);
    }

    public void Write(string podUid, string container, string line)
    {
        lock (_gate)
        {
            var runs = _runs.GetValueOrDefault((podUid, container)) ?? new([], null);
            var current = runs.Current.Length < LongestRun ? runs.Current : runs.Current.RemoveAt(0);
            _runs[(podUid, container)] = runs with { Current = current.Add(line) };
        }
    }

    /// <summary>The lines of the current run, or of the one before; null when there has been no such run.</summary>
    public ImmutableArray<string>? Read(string podUid, string container, bool previous)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue((podUid, container), out var runs)) return null;
            return previous ? runs.Previous : runs.Current;
        }
    }

    public void Forget(string podUid)
    {
        lock (_gate)
        {
            foreach (var key in _runs.Keys.Where(key => key.PodUid == podUid).ToArray()) _runs.Remove(key);
        }
    }

    private sealed record Runs(ImmutableArray<string> Current, ImmutableArray<string>? Previous);
}
