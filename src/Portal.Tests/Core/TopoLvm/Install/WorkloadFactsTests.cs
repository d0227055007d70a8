using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

/// <summary>The workloads as TopoLVM's own installers make them, fact by fact.</summary>
public sealed class WorkloadFactsTests
{
    private const string Address = "--csi-address=/run/topolvm/csi-topolvm.sock";
    private const string Elected = "--leader-election --leader-election-namespace=topolvm-system";
    private const string Plugin = "/var/lib/kubelet/plugins/topolvm.io/node";

    [Theory]
    [InlineData("topolvm-controller", "topolvm-controller", "/topolvm-controller --cert-dir=/certs", "9808", "socket-dir:/run/topolvm certs:/certs")]
    [InlineData("topolvm-controller", "csi-provisioner", "/csi-provisioner " + Address + " --feature-gates=Topology=true " + Elected, "", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "csi-resizer", "/csi-resizer " + Address + " " + Elected, "", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "liveness-probe", "/livenessprobe " + Address, "", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-scheduler", "topolvm-scheduler", "/topolvm-scheduler --config=/etc/topolvm/scheduler-options.yaml", "", "topolvm-scheduler-options:/etc/topolvm")]
    [InlineData("topolvm-lvmd", "lvmd", "/lvmd --container", "", "config:/etc/topolvm lvmd-socket-dir:/run/topolvm")]
    [InlineData("topolvm-node", "topolvm-node", "/topolvm-node --lvmd-socket=/run/lvmd/lvmd.sock", "9808",
        "node-plugin-dir:/run/topolvm lvmd-socket-dir:/run/lvmd pod-volumes-dir:/var/lib/kubelet/pods:Bidirectional csi-plugin-dir:/var/lib/kubelet/plugins/kubernetes.io/csi:Bidirectional")]
    [InlineData("topolvm-node", "csi-registrar",
        "/csi-node-driver-registrar " + Address + " --kubelet-registration-path=/var/lib/kubelet/plugins/topolvm.cybozu.com/node/csi-topolvm.sock", "", "node-plugin-dir:/run/topolvm registration-dir:/registration")]
    [InlineData("topolvm-node", "liveness-probe", "/livenessprobe " + Address, "", "node-plugin-dir:/run/topolvm")]
    public void SuperEdges_containers_start_as_edgeadm_starts_them(string workload, string container, string command, string ports, string mounts) =>
        AssertContainer(InstallPlan.For(new(), GivenCluster.Of(20)), workload, container, command, ports, mounts);

    [Theory]
    [InlineData("topolvm-controller", "topolvm-controller", "/topolvm-controller --leader-election-namespace=topolvm-system --enable-webhooks=false", "9443 9808 8081 8080", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "csi-provisioner",
        "/csi-provisioner " + Address + " --feature-gates=Topology=true " + Elected + " --http-endpoint=:9809 --enable-capacity --capacity-ownerref-level=2", "9809", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "csi-resizer", "/csi-resizer " + Address + " " + Elected + " --http-endpoint=:9810", "9810", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "csi-snapshotter", "/csi-snapshotter " + Address + " " + Elected + " --http-endpoint=:9811", "9811", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-controller", "liveness-probe", "/livenessprobe " + Address + " --http-endpoint=:9808", "", "socket-dir:/run/topolvm")]
    [InlineData("topolvm-lvmd-0", "lvmd", "/lvmd", "8080", "devices-dir:/dev config:/etc/topolvm lvmd-socket-dir:/run/topolvm")]
    [InlineData("topolvm-node", "topolvm-node", "/topolvm-node --csi-socket=" + Plugin + "/csi-topolvm.sock --lvmd-socket=/run/topolvm/lvmd.sock", "9808 8080",
        "node-plugin-dir:" + Plugin + " lvmd-socket-dir:/run/topolvm pod-volumes-dir:/var/lib/kubelet/pods:Bidirectional csi-plugin-dir:/var/lib/kubelet/plugins/kubernetes.io/csi:Bidirectional devices-dir:/dev")]
    [InlineData("topolvm-node", "csi-registrar", "/csi-node-driver-registrar --csi-address=" + Plugin + "/csi-topolvm.sock --kubelet-registration-path=" + Plugin + "/csi-topolvm.sock --http-endpoint=:9809", "9809",
        "node-plugin-dir:" + Plugin + " registration-dir:/registration")]
    [InlineData("topolvm-node", "liveness-probe", "/livenessprobe --csi-address=" + Plugin + "/csi-topolvm.sock --http-endpoint=:9808", "", "node-plugin-dir:" + Plugin)]
    public void The_current_containers_start_as_the_chart_starts_them(string workload, string container, string command, string ports, string mounts) =>
        AssertContainer(InstallPlan.For(new() { ProfileId = "upstream-0.41.0", Scheduling = SchedulingMode.CapacityTracking }, GivenCluster.Of(34, snapshots: true)), workload, container, command, ports, mounts);

    [Fact]
    public void Legacy_mode_is_told_to_every_program_that_knows_two_groups()
    {
        var plan = InstallPlan.For(new() { ProfileId = "upstream-0.41.0-legacy" }, GivenCluster.Of(33));

        foreach (var name in new[] { "topolvm-controller", "topolvm-node", "topolvm-scheduler" })
        {
            var container = Containers(plan, name).Single(found => (string?)found["name"] == name);
            Assert.Contains((container["env"] as JsonArray)!, variable => (string?)variable!["name"] == "USE_LEGACY");
        }
    }

    [Theory]
    [InlineData("superedge-0.10.0", "Extender", "pvc-hook.topolvm.cybozu.com /pvc/mutate, pod-hook.topolvm.cybozu.com /pod/mutate")]
    [InlineData("superedge-0.10.0", "CapacityTracking", "pvc-hook.topolvm.cybozu.com /pvc/mutate")]
    [InlineData("upstream-0.41.0", "Extender", "pod-hook.topolvm.io /pod/mutate")]
    [InlineData("upstream-0.41.0", "CapacityTracking", "")]
    public void The_webhooks_follow_version_and_scheduling(string profile, string mode, string expected)
    {
        var plan = InstallPlan.For(new() { ProfileId = profile, Scheduling = Enum.Parse<SchedulingMode>(mode) }, GivenCluster.Of(26));

        var hooks = plan.Objects.Where(planned => planned.Stage == InstallStage.Webhook).SelectMany(planned => planned.Document.Json["webhooks"]!.AsArray()).ToArray();
        Assert.Equal(expected, string.Join(", ", hooks.Select(hook => $"{hook!["name"]} {hook["clientConfig"]!["service"]!["path"]}")));
        Assert.All(hooks, hook => Assert.Equal("Fail", (string?)hook!["failurePolicy"]));
        Assert.Equal(hooks.Length > 0, plan.CertificateSecret is not null);
    }

    [Theory]
    [InlineData(20, "admissionregistration.k8s.io/v1", "policy/v1beta1")]
    [InlineData(21, "admissionregistration.k8s.io/v1", "policy/v1")]
    [InlineData(34, "admissionregistration.k8s.io/v1", "policy/v1")]
    public void Api_versions_are_the_first_that_the_cluster_serves(int minor, string webhook, string budget)
    {
        var plan = InstallPlan.For(new() { ProfileId = "upstream-0.41.0" }, GivenCluster.Of(minor));

        Assert.Equal(webhook, plan.Objects.Single(planned => planned.Document.Kind == "MutatingWebhookConfiguration").Document.ApiVersion);
        Assert.Equal(budget, plan.Objects.Single(planned => planned.Document.Kind == "PodDisruptionBudget").Document.ApiVersion);
    }

    [Fact]
    public void The_checksum_follows_the_configuration_that_stands()
    {
        var facts = GivenCluster.Of(20);
        var own = Annotation(InstallPlan.For(new(), facts));
        var edited = new KubeObject(JsonNode.Parse("""{"kind":"ConfigMap","metadata":{"name":"topolvm-lvmd","namespace":"topolvm-system"},"data":{"lvmd.yaml":"other"}}""")!.AsObject());
        var kept = Annotation(InstallPlan.For(new(), facts with { Live = facts.Live.Add(new LiveName("", "ConfigMap", new("topolvm-system", "topolvm-lvmd")), edited) }));

        Assert.Equal(64, own.Length);
        Assert.Equal(64, kept.Length);
        Assert.NotEqual(own, kept);
    }

    private static string Annotation(InstallPlan plan) =>
        (string)plan.Objects.Single(planned => planned.Document.Kind == "DaemonSet" && planned.Document.Name == "topolvm-lvmd").Document.Json["spec"]!["template"]!["metadata"]!["annotations"]!["checksum/config"]!;

    private static void AssertContainer(InstallPlan plan, string workload, string name, string command, string ports, string mounts)
    {
        var container = Containers(plan, workload).Single(found => (string?)found["name"] == name);
        Assert.Equal(command, string.Join(' ', container["command"]!.AsArray().Select(word => (string?)word)));
        Assert.Equal(ports, string.Join(' ', (container["ports"] as JsonArray ?? []).Select(port => port!["containerPort"])));
        Assert.Equal(mounts, string.Join(' ', container["volumeMounts"]!.AsArray().Select(mount =>
            $"{mount!["name"]}:{mount["mountPath"]}{(mount["mountPropagation"] is { } propagation ? ":" + propagation : "")}")));
    }

    private static IEnumerable<JsonObject> Containers(InstallPlan plan, string workload) => plan.Objects
        .Single(planned => planned.Document.Name == workload && planned.Document.Kind is "Deployment" or "DaemonSet")
        .Document.Json["spec"]!["template"]!["spec"]!["containers"]!.AsArray().OfType<JsonObject>();
}
