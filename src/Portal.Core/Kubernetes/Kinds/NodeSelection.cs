using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>A set of nodes as pods and PersistentVolumes name it: terms of which one must match.</summary>
public sealed record NodeSelection
{
    public ImmutableArray<NodeSelectorTerm> NodeSelectorTerms { get; init; } = [];

    /// <summary>Whether a node is in the set.</summary>
    public bool Matches(ObjectMeta node) => NodeSelectorTerms.Any(term => term.Matches(node));
}

/// <summary>Requirements that must all hold; a term without any matches nothing.</summary>
public sealed record NodeSelectorTerm
{
    public ImmutableArray<NodeRequirement> MatchExpressions { get; init; } = [];
    public ImmutableArray<NodeRequirement> MatchFields { get; init; } = [];

    public bool Matches(ObjectMeta node) => MatchExpressions.Length + MatchFields.Length > 0
        && MatchExpressions.All(requirement => requirement.Matches(node.Labels.GetValueOrDefault(requirement.Key)))
        && MatchFields.All(requirement => requirement.Matches(requirement.Key == "metadata.name" ? node.Name : null));
}

/// <summary>One requirement on a label of a node.</summary>
/// <param name="Operator">In, NotIn, Exists, DoesNotExist, Gt or Lt.</param>
public sealed record NodeRequirement(string Key, string Operator)
{
    public ImmutableArray<string> Values { get; init; } = [];

    /// <param name="value">The label's value; null when the node does not carry it.</param>
    public bool Matches(string? value) => Operator switch
    {
        "In" => value is not null && Values.Contains(value),
        "NotIn" => value is null || !Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(value) is > 0,
        "Lt" => Compare(value) is < 0,
        _ => false,
    };

    private int? Compare(string? value) =>
        long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) && Values is [var text]
        && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var bound) ? number.CompareTo(bound) : null;
}

/// <summary>What lets a pod onto a node in spite of a taint.</summary>
public sealed record Toleration
{
    /// <summary>Null with operator Exists tolerates every key.</summary>
    public string? Key { get; init; }

    /// <summary>Equal (also when null) or Exists.</summary>
    public string? Operator { get; init; }

    public string? Value { get; init; }

    /// <summary>Null tolerates every effect.</summary>
    public string? Effect { get; init; }

    public bool Tolerates(Taint taint) =>
        (Effect is null or "" || Effect == taint.Effect)
        && (Key is null or "" ? Operator == "Exists" : Key == taint.Key && (Operator == "Exists" || (Value ?? "") == (taint.Value ?? "")));
}
