using System.Collections.Immutable;

namespace Portal.Core.Kubernetes;

/// <summary>Every object of one kind, as of one moment.</summary>
/// <param name="IsServed">False when the API server does not know the kind (a CRD that is not installed): an answer, not a problem.</param>
public sealed record KindSnapshot<T>(ImmutableDictionary<ObjectName, T> Items, Freshness Freshness, bool IsServed = true) where T : IKubeObject
{
    public static readonly KindSnapshot<T> Empty = new(ImmutableDictionary<ObjectName, T>.Empty, Freshness.Never);
}
