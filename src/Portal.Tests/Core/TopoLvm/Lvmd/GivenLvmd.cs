using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

/// <summary>Clusters with lvmd, as far as the joins and rules about it look.</summary>
internal static class GivenLvmd
{
    public const string Yaml = "device-classes:\n- name: ssd\n  volume-group: myvg1\n  default: true\n  spare-gb: 1\n";

    public static ClusterSnapshot Cluster(string yaml = Yaml, params Node[] nodes) => ClusterSnapshot.Empty with
    {
        CsiDrivers = Of([new CsiDriver { Metadata = new() { Name = TopoLvmNames.Legacy.Provisioner } }]),
        Nodes = Of(nodes.Length > 0 ? nodes : [Node("edge-1"), Node("edge-2")]),
        ConfigMaps = Of([Map("topolvm-lvmd", yaml)]),
        DaemonSets = Of([Lvmd("topolvm-lvmd")]),
    };

    public static KindSnapshot<T> Of<T>(IEnumerable<T> items) where T : IKubeObject =>
        new(items.ToImmutableDictionary(item => item.Metadata.ObjectName), new Freshness(DateTimeOffset.UnixEpoch, null));

    public static Node Node(string name, params (string Key, string Value)[] marks) => new()
    {
        Metadata = new()
        {
            Name = name,
            Labels = ImmutableDictionary<string, string>.Empty.Add("superedge.io/local.pv", "topolvm").SetItems(marks.Where(mark => !mark.Key.StartsWith("capacity.", StringComparison.Ordinal)).Select(mark => KeyValuePair.Create(mark.Key, mark.Value))),
            Annotations = marks.Where(mark => mark.Key.StartsWith("capacity.", StringComparison.Ordinal)).ToImmutableDictionary(mark => mark.Key, mark => mark.Value),
        },
        Status = new() { Conditions = [new() { Type = "Ready", Status = "True" }] },
    };

    public static ConfigMap Map(string name, string yaml) =>
        new() { Metadata = new() { Namespace = "topolvm-system", Name = name }, Data = ImmutableDictionary<string, string>.Empty.Add("lvmd.yaml", yaml) };

    public static DaemonSet Lvmd(string name, string image = "superedge/topolvm:0.10.0", params string[] command) => new()
    {
        Metadata = new() { Namespace = "topolvm-system", Name = name, Uid = name },
        Spec = new()
        {
            Template = new()
            {
                Spec = new()
                {
                    NodeSelector = ImmutableDictionary<string, string>.Empty.Add("superedge.io/local.pv", "topolvm"),
                    Volumes = [new("config", null, new ConfigMapSource(name))],
                    Containers =
                    [
                        new()
                        {
                            Name = command.Contains("--embed-lvmd") ? "topolvm-node" : "lvmd",
                            Image = image,
                            Command = [.. command],
                            VolumeMounts = [new("config", "/etc/topolvm")],
                        },
                    ],
                },
            },
        },
    };

    public static Pod Pod(DaemonSet owner, string node, bool isReady = true) => new()
    {
        Metadata = new() { Namespace = "topolvm-system", Name = $"{owner.Metadata.Name}-{node}", OwnerReferences = [new("apps/v1", "DaemonSet", owner.Metadata.Name, owner.Metadata.Uid, true)] },
        Spec = owner.Spec.Template.Spec with { NodeName = node },
        Status = new() { Conditions = [new() { Type = "Ready", Status = isReady ? "True" : "False" }] },
    };
}
