using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

public enum Urgency
{
    /// <summary>It stays so until somebody does something.</summary>
    Stopped,

    /// <summary>It is as it was asked for; worth knowing all the same.</summary>
    AsIntended,
}

/// <summary>A page of the portal on which a cause can be mended.</summary>
public enum MendingPage
{
    Overview,
    Install,
    Nodes,
    Node,
    DeviceClasses,
    Volumes,
    Volume,
    Scheduling,
}

/// <summary>Where a cause can be mended.</summary>
/// <param name="Of">The node or claim whose page it is; null for a list.</param>
public sealed record MendingPlace(MendingPage Page, Kubernetes.ObjectName? Of = null);

/// <summary>What an object of the cluster says that proves a cause.</summary>
/// <param name="Object">As <see cref="Subject.ToString"/> names one.</param>
/// <param name="At">When it was said; null where the object does not tell.</param>
public sealed record Evidence(string Object, Message Says, DateTimeOffset? At = null);

/// <summary>A cause that was found. <see cref="What"/> speaks of the root, so that all it stops share the sentence.</summary>
/// <param name="Cause">The cause's name, the same in every language.</param>
public sealed record Finding(string Cause, Message What, Message Remedy)
{
    public Urgency Urgency { get; init; }

    public MendingPlace? Place { get; init; }

    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>What would prove it, and cannot be seen from here.</summary>
    public ImmutableArray<Message> NotKnown { get; init; } = [];
}
