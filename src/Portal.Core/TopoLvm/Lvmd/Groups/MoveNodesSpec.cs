using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Lvmd.Groups;

/// <summary>Nodes that are to take another lvmd.yaml than they do.</summary>
public sealed record MoveNodesSpec
{
    public required string Namespace { get; init; }

    /// <summary>The DaemonSet that serves the nodes without a group of their own.</summary>
    public required string Base { get; init; }

    /// <summary>The other group: DaemonSet, ConfigMap and label value have this name. It is made when it is not there.</summary>
    public required string Group { get; init; }

    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>The nodes go from the group back to the base.</summary>
    public bool IsReturn { get; init; }

    /// <summary>The group goes too, once no node is left in it.</summary>
    public bool RemovesGroup { get; init; }

    public ObjectName BaseName => new(Namespace, Base);

    public ObjectName GroupName => new(Namespace, Group);

    public string ToJson() => InstallJson.Write(this);

    public static MoveNodesSpec FromJson(string json) => InstallJson.Read<MoveNodesSpec>(json);
}
