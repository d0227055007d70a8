using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

// A kubelet measures once a minute, so that is how often it is worth asking. A summary of a full node is some hundred kilobytes through the API server:
// of thousands of nodes only so many are asked in a round, those first that have waited longest.

/// <summary>Decides which kubelets are asked when.</summary>
public sealed class KubeletTurns
{
    /// <summary>How often a kubelet is asked that answers, as long as there are not too many of them.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMinutes(1);

    /// <summary>So many are asked in one round.</summary>
    public const int MostInRound = 100;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Turn> _turns = [];
    private DateTimeOffset _refusedUntil;

    /// <summary>The nodes whose turn it is, those first that have waited longest; what is not wanted any more is forgotten.</summary>
    public ImmutableArray<string> Due(IReadOnlyCollection<string> wanted, DateTimeOffset now)
    {
        if (_turns.Count > 0)
        {
            var names = wanted.ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _turns.Keys.Where(node => !names.Contains(node)).ToArray()) _turns.Remove(gone);
        }
        if (now < _refusedUntil) return [];
        return [.. wanted.Where(node => NextOf(node) <= now).OrderBy(NextOf).ThenBy(node => node, StringComparer.Ordinal).Take(MostInRound)];
    }

    public void Answered(string node, DateTimeOffset now)
    {
        var turn = TurnOf(node);
        turn.BackOff.Reset();
        turn.Next = now + Every;
    }

    public void Failed(string node, DateTimeOffset now)
    {
        var turn = TurnOf(node);
        turn.Next = now + turn.BackOff.Next();
    }

    /// <summary>The portal may not ask kubelets: none is asked for a while.</summary>
    public void Refused(DateTimeOffset now) => _refusedUntil = now + Every;

    private DateTimeOffset NextOf(string node) => _turns.TryGetValue(node, out var turn) ? turn.Next : DateTimeOffset.MinValue;

    private Turn TurnOf(string node) => _turns.TryGetValue(node, out var turn) ? turn : _turns[node] = new();

    private sealed class Turn
    {
        public BackOff BackOff { get; } = new(Every, LongestPause);

        public DateTimeOffset Next { get; set; }
    }
}
