using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 Event: what a component says about an object; the API server forgets it after an hour.</summary>
public sealed record Event : IKubeObject
{
    public static readonly KubeKind<Event> Kind = new("", "v1", "events", "Event", true, KubeJson.Of<Event>());

    public ObjectMeta Metadata { get; init; } = new();
    public ObjectReference InvolvedObject { get; init; } = new(null, null, null, null);
    public string Reason { get; init; } = "";
    public string Message { get; init; } = "";

    /// <summary>Normal or Warning.</summary>
    public string Type { get; init; } = "";

    /// <summary>How often it was said; 0 in events of the newer form, which count in a series.</summary>
    public int Count { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>When it was said last; null when the event does not tell.</summary>
    [JsonIgnore]
    public DateTimeOffset? At => LastTimestamp ?? EventTime ?? Metadata.CreationTimestamp;

    [JsonIgnore]
    public ObjectName About => new(InvolvedObject.Namespace is { Length: > 0 } ns ? ns : null, InvolvedObject.Name ?? "");
}
