using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 Node.</summary>
public sealed record Node : IKubeObject
{
    public static readonly KubeKind<Node> Kind = new("", "v1", "nodes", "Node", false, KubeJson.Of<Node>());

    public ObjectMeta Metadata { get; init; } = new();
    public NodeSpec Spec { get; init; } = new();
    public NodeStatus Status { get; init; } = new();

    [JsonIgnore]
    public bool IsReady => ReadyCondition?.Status == "True";

    /// <summary>The Ready condition; null on a node whose kubelet has never reported.</summary>
    [JsonIgnore]
    public Condition? ReadyCondition => Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready");
}

public sealed record NodeSpec
{
    public bool Unschedulable { get; init; }
    public ImmutableArray<Taint> Taints { get; init; } = [];
}

public sealed record Taint(string Key, string? Value, string Effect);

public sealed record NodeStatus
{
    public ImmutableArray<Condition> Conditions { get; init; } = [];
    public NodeSystem? NodeInfo { get; init; }
}

/// <summary>The part of status.nodeInfo that preflight reads.</summary>
public sealed record NodeSystem(string KernelVersion, string KubeletVersion, string OsImage, string Architecture);

/// <summary>One entry of a status.conditions list, in the shape all kinds share.</summary>
public sealed record Condition
{
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    public string Status { get; init; } = "";

    public string Reason { get; init; } = "";
    public string Message { get; init; } = "";
    public DateTimeOffset? LastTransitionTime { get; init; }
}
