using System.Collections.Immutable;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What a person asks for when nodes are enabled for storage, or no longer.</summary>
public sealed record NodeStorageSpec
{
    public ImmutableArray<string> Nodes { get; init; } = [];

    public bool IsEnabled { get; init; }

    public NodeLabel Label { get; init; } = NodeLabel.Default;

    public string ToJson() => InstallJson.Write(this);

    public static NodeStorageSpec FromJson(string json) => InstallJson.Read<NodeStorageSpec>(json);
}
