using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>A SuperEdge site: one master and six edge nodes of different disks; one is cut off, one has no volume group, two are not enabled.</summary>
internal static class SuperEdgeSite
{
    public const string DiskNodeLabel = "superedge.io/local.pv";

    private const long Gibibyte = 1L << 30;

    private const string PolicyFile = "/etc/kubernetes/kube-scheduler/kube-scheduler-policy.cfg";

    // What edgeadm writes: the extender's word outdoes every other.
    private const string Policy = """
        {
          "kind": "Policy",
          "apiVersion": "v1",
          "extenders": [
            {
              "urlPrefix": "http://127.0.0.1:9251",
              "filterVerb": "predicate",
              "prioritizeVerb": "prioritize",
              "nodeCacheCapable": false,
              "weight": 100,
              "managedResources": [ { "name": "topolvm.cybozu.com/capacity", "ignoredByScheduler": true } ]
            }
          ]
        }

        """;

    private static readonly string[] SchedulerArguments = ["--kubeconfig=/etc/kubernetes/scheduler.conf", "--policy-config-file=" + PolicyFile];

    public static readonly NodeScenario Master = new("master-1")
    {
        Address = "192.168.10.10",
        Labels = ImmutableDictionary<string, string>.Empty.Add("node-role.kubernetes.io/master", "").Add("superedge.io/edge-node", "disable"),
        Taints = ["node-role.kubernetes.io/master=:NoSchedule"],
        Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte)],
        Scheduler = new SimulatedKubeScheduler([.. SchedulerArguments]) { Files = ImmutableSortedDictionary<string, string>.Empty.Add(PolicyFile, Policy) },
    };

    public static readonly ImmutableArray<NodeScenario> Nodes =
    [
        Master,
        Edge("edge-hangzhou-1", "192.168.10.11", isEnabled: true, ("/dev/nvme0n1", 500), ("/dev/sdb", 1000)),
        Edge("edge-hangzhou-2", "192.168.10.12", isEnabled: true, ("/dev/nvme0n1", 200)),
        Edge("edge-shaoxing-1", "192.168.10.13", isEnabled: true, ("/dev/sdb", 20)),
        Edge("edge-ningbo-1", "192.168.10.14", isEnabled: true, ("/dev/sdb", 120)) with { OfflineFor = TimeSpan.FromHours(7) },
        Edge("edge-ningbo-2", "192.168.10.15", isEnabled: false, ("/dev/sdb", 120)) with
        {
            Architecture = "arm64",
            OsImage = "Kylin Linux Advanced Server V10 (Tercel)",
            KernelVersion = "4.19.90-24.4.v2101.ky10.aarch64",
        },
        Edge("edge-wenzhou-1", "192.168.10.16", isEnabled: false, ("/dev/vdb", 100)) with { VolumeGroups = [] },
    ];

    /// <summary>The control plane's own pods, as kubeadm makes them.</summary>
    public static ImmutableArray<KubeObject> SystemPods =>
    [
        StaticPod("etcd", "registry.aliyuncs.com/google_containers/etcd:3.4.13-0", "etcd"),
        StaticPod("kube-apiserver", "registry.aliyuncs.com/google_containers/kube-apiserver:v1.20.6", "kube-apiserver", "--allow-privileged=true"),
        StaticPod("kube-controller-manager", "registry.aliyuncs.com/google_containers/kube-controller-manager:v1.20.6", "kube-controller-manager"),
        StaticPod("kube-scheduler", "registry.aliyuncs.com/google_containers/kube-scheduler:v1.20.6", ["kube-scheduler", .. SchedulerArguments]),
    ];

    public static NodeScenario LargeSiteNode(int number) => Edge($"edge-{number:0000}", $"10.{number / 65536}.{number / 256 % 256}.{number % 256}", isEnabled: true, ("/dev/sdb", 1024));

    private static NodeScenario Edge(string name, string address, bool isEnabled, params (string Device, long Gibibytes)[] disks)
    {
        var labels = ImmutableDictionary<string, string>.Empty.Add("superedge.io/edge-node", "enable");
        return new(name)
        {
            Address = address,
            Labels = isEnabled ? labels.Add(DiskNodeLabel, "topolvm") : labels,
            Disks = [new SimulatedDisk("/dev/sda", 64 * Gibibyte), .. disks.Select(disk => new SimulatedDisk(disk.Device, disk.Gibibytes * Gibibyte))],
            VolumeGroups = [new VolumeGroupScenario("myvg1", [.. disks.Select(disk => disk.Device)])],
        };
    }

    private static KubeObject StaticPod(string name, string image, params string[] command) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["namespace"] = "kube-system",
            ["name"] = $"{name}-{Master.Name}",
            ["labels"] = new JsonObject { ["component"] = name, ["tier"] = "control-plane" },
            ["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = name, ["kubernetes.io/config.source"] = "file" },
        },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = Master.Name,
            ["hostNetwork"] = true,
            ["priorityClassName"] = "system-node-critical",
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists", ["effect"] = "NoExecute" }),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = name,
                ["image"] = image,
                ["command"] = new JsonArray([.. command.Select(part => JsonValue.Create(part))]),
            }),
        },
    });
}
