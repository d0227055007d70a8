using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Lvmd.Change;

/// <summary>A change to one lvmd.yaml: what a person saw, and what it is to say.</summary>
public sealed record LvmdChangeSpec
{
    public required string Namespace { get; init; }

    /// <summary>The DaemonSet whose pods read the file.</summary>
    public required string Group { get; init; }

    /// <summary>The text that was edited; null when there was none. Anything else in the cluster is somebody's edit, and is not overwritten.</summary>
    public string? Before { get; init; }

    public required string After { get; init; }

    /// <summary>Tells this rollout's pods from all others, also when it is resumed.</summary>
    public required string Rollout { get; init; }

    /// <summary>Nodes where lvmd did not work before the change either: they do not count against it.</summary>
    public ImmutableArray<string> NotServing { get; init; } = [];

    public ObjectName DaemonSet => new(Namespace, Group);

    /// <summary>A change to what a group has now.</summary>
    public static LvmdChangeSpec For(LvmdGroup group, string after) => new()
    {
        Namespace = group.Namespace,
        Group = group.Name,
        Before = group.Yaml,
        After = after,
        Rollout = Guid.NewGuid().ToString("N")[..12],
        NotServing = [.. group.Nodes.Where(node => !node.IsServing).Select(node => node.Name)],
    };

    public string ToJson() => InstallJson.Write(this);

    public static LvmdChangeSpec FromJson(string json) => InstallJson.Read<LvmdChangeSpec>(json);
}
