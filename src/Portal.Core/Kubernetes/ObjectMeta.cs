using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes;

/// <summary>What every record that is read from the API has.</summary>
public interface IKubeObject
{
    ObjectMeta Metadata { get; }
}

/// <summary>The metadata fields the portal reads; a field that the API leaves out is empty, never null, where that means the same.</summary>
public sealed record ObjectMeta
{
    public string Name { get; init; } = "";
    public string? Namespace { get; init; }
    public string Uid { get; init; } = "";
    public string ResourceVersion { get; init; } = "";
    public long Generation { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableDictionary<string, string> Annotations { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableArray<string> Finalizers { get; init; } = [];
    public ImmutableArray<OwnerReference> OwnerReferences { get; init; } = [];

    [JsonIgnore]
    public ObjectName ObjectName => new(Namespace, Name);

    [JsonIgnore]
    public bool IsBeingDeleted => DeletionTimestamp is not null;
}

public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controller = false);
