using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>kube-scheduler on a control-plane node: what it was started with, and the files that are there for it.</summary>
/// <param name="Arguments">Without the program's name.</param>
public sealed record SimulatedKubeScheduler(ImmutableArray<string> Arguments)
{
    /// <summary>What each file under /etc/kubernetes holds, by path.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>How often it has been started.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>It does not come up while a file that it is started with contains this; null while it takes every file.</summary>
    public string? Refuses { get; init; }

    /// <summary>It comes up with its files as they are.</summary>
    public bool ComesUp => Refuses is not { } words || !Files.Any(file => Arguments.Any(argument => argument.EndsWith("=" + file.Key, StringComparison.Ordinal)) && file.Value.Contains(words, StringComparison.Ordinal));
}
