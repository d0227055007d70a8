using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Lvmd;

// A cluster may hold several lvmd configurations, each with the nodes it is for: a ConfigMap, the DaemonSet whose pods mount
// it (lvmd's own, or topolvm-node where lvmd runs inside it), and what that DaemonSet asks of its nodes.

/// <summary>One lvmd configuration of the cluster and the nodes that take it.</summary>
/// <param name="Namespace">Of DaemonSet and ConfigMap.</param>
/// <param name="Name">The DaemonSet's.</param>
/// <param name="ConfigMapName">What its pods mount.</param>
public sealed record LvmdGroup(string Namespace, string Name, string ConfigMapName)
{
    public required DaemonSet DaemonSet { get; init; }

    /// <summary>Null while the ConfigMap is missing, or where it lacks the label app.kubernetes.io/name=topolvm by which it is watched.</summary>
    public ConfigMap? ConfigMap { get; init; }

    /// <summary>The key of the ConfigMap that lvmd reads.</summary>
    public string Key { get; init; } = LvmdConfig.FileName;

    /// <summary>The file; null when the ConfigMap does not hold it.</summary>
    public string? Yaml { get; init; }

    public LvmdReading Reading { get; init; } = new(new(), []);

    /// <summary>What the file says, as far as it can be read.</summary>
    public LvmdConfig Config => Reading.Config ?? new();

    /// <summary>lvmd runs inside topolvm-node, so its restart is one of topolvm-node.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Of lvmd, from its image's tag; null when that does not say.</summary>
    public Version? Version { get; init; }

    /// <summary>Every node the DaemonSet selects, by name.</summary>
    public ImmutableArray<LvmdNode> Nodes { get; init; } = [];

    public ObjectName DaemonSetName => new(Namespace, Name);

    public ObjectName ConfigMapObject => new(Namespace, ConfigMapName);

    public LvmdNode? Node(string name) => Nodes.FirstOrDefault(node => node.Name == name);

    /// <summary>Every group in a cluster, by name.</summary>
    public static ImmutableArray<LvmdGroup> FindAll(ClusterSnapshot cluster, TopoLvmNames? names) =>
        [.. cluster.DaemonSets.Items.Values.Select(set => Of(set, cluster, names)).OfType<LvmdGroup>()
            .OrderBy(group => group.Namespace, StringComparer.Ordinal).ThenBy(group => group.Name, StringComparer.Ordinal)];

    private static LvmdGroup? Of(DaemonSet set, ClusterSnapshot cluster, TopoLvmNames? names)
    {
        var spec = set.Spec.Template.Spec;
        if (LvmdContainer.In(spec) is not { } lvmd || lvmd.ConfigMapIn(spec) is not { } mapName) return null;
        var map = cluster.ConfigMaps.Items.GetValueOrDefault(new(set.Metadata.Namespace, mapName));
        var yaml = map?.Data.GetValueOrDefault(lvmd.FileName);
        var group = new LvmdGroup(set.Metadata.Namespace ?? "", set.Metadata.Name, mapName)
        {
            DaemonSet = set,
            ConfigMap = map,
            Key = lvmd.FileName,
            Yaml = yaml,
            Reading = yaml is null ? new(new(), []) : LvmdConfig.Read(yaml),
            IsEmbedded = lvmd.IsEmbedded,
            Version = lvmd.Version,
        };
        return group with { Nodes = LvmdNode.Of(group, cluster, names) };
    }
}

/// <summary>The container that runs lvmd, and where it finds its file.</summary>
internal sealed record LvmdContainer(PodContainer Container, bool IsEmbedded)
{
    private string Path => OptionValue("--config") ?? "/etc/topolvm/lvmd.yaml";

    public string FileName => Path.Split('/')[^1];

    public Version? Version =>
        System.Version.TryParse(Container.Image.Split('@')[0].Split('/')[^1].Split(':') is [_, var tag] ? tag.TrimStart('v').Split('-', '+')[0] : "", out var version) ? version : null;

    public static LvmdContainer? In(PodSpec spec)
    {
        if (spec.Containers.FirstOrDefault(container => container.Name == "lvmd") is { } lvmd) return new(lvmd, false);
        var node = spec.Containers.FirstOrDefault(container => container.Name == "topolvm-node" && Words(container).Any(word => word is "--embed-lvmd" or "--embed-lvmd=true"));
        return node is null ? null : new(node, true);
    }

    /// <summary>Null when the file does not come from a ConfigMap.</summary>
    public string? ConfigMapIn(PodSpec spec)
    {
        var folder = Path[..Math.Max(0, Path.LastIndexOf('/'))];
        var mount = Container.VolumeMounts.FirstOrDefault(mount => mount.MountPath.TrimEnd('/') == folder);
        return spec.Volumes.FirstOrDefault(volume => volume.Name == mount?.Name)?.ConfigMap?.Name;
    }

    private static IEnumerable<string> Words(PodContainer container) => container.Command.Concat(container.Args);

    private string? OptionValue(string option)
    {
        var words = Words(Container).ToArray();
        var at = Array.FindIndex(words, word => word == option || word.StartsWith(option + "=", StringComparison.Ordinal));
        if (at < 0) return null;
        return words[at].Length > option.Length ? words[at][(option.Length + 1)..] : words.ElementAtOrDefault(at + 1);
    }
}
