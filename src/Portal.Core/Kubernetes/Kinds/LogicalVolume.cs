namespace Portal.Core.Kubernetes.Kinds;

/// <summary>TopoLVM's own kind, in the group topolvm.cybozu.com or topolvm.io.</summary>
public sealed record LogicalVolume : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();
    public LogicalVolumeSpec Spec { get; init; } = new();
    public LogicalVolumeStatus Status { get; init; } = new();

    /// <summary>The kind in one of the two groups.</summary>
    public static KubeKind<LogicalVolume> KindIn(string group) => new(group, "v1", "logicalvolumes", "LogicalVolume", false, KubeJson.Of<LogicalVolume>());
}

public sealed record LogicalVolumeSpec
{
    public string Name { get; init; } = "";
    public string NodeName { get; init; } = "";

    /// <summary>"" means the default class.</summary>
    public string DeviceClass { get; init; } = "";

    /// <summary>A quantity, as the API writes it (a number where somebody wrote one).</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(IntOrStringConverter))]
    public string Size { get; init; } = "";

    /// <summary>Name of the LogicalVolume a snapshot or clone was made from; null for an ordinary volume.</summary>
    public string? Source { get; init; }
}

public sealed record LogicalVolumeStatus
{
    /// <summary>Name of the logical volume in the volume group; empty until it exists.</summary>
    public string VolumeID { get; init; } = "";

    /// <summary>A gRPC status code; 0 is OK.</summary>
    public int Code { get; init; }

    public string Message { get; init; } = "";

    [System.Text.Json.Serialization.JsonConverter(typeof(IntOrStringConverter))]
    public string CurrentSize { get; init; } = "";
}
