using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator;
using Portal.Simulator.Scenarios;

namespace Portal.Tests.Simulator.Life;

/// <summary>A test that watches a simulated cluster of its own from outside, through its API.</summary>
public abstract class LifeTest : IAsyncLifetime
{
    private SimulatedCluster? _cluster;
    private KubeClient? _client;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected virtual Scenario Scenario => Scenario.Bare;

    protected SimulatedCluster Cluster => _cluster!;

    protected KubeClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(Scenario, null, Cancel);
        _client = new KubeClient(_cluster.Connection);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client?.Dispose();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    protected Task InstallTopoLvmAsync(string profile = "superedge-0.10.0") =>
        StandingTopoLvm.CreateAsync(Client, new InstallSpec { ProfileId = profile }, TimeProvider.System, Cancel);

    /// <summary>Installs 0.10.0 and waits until volumes can be made.</summary>
    protected async Task RunTopoLvmAsync()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () =>
        {
            Assert.Equal(1, (await Client.GetAsync(Deployment.Kind, new("topolvm-system", "topolvm-controller"), Cancel)).Status.AvailableReplicas);
            foreach (var node in new[] { "edge-hangzhou-1", "edge-hangzhou-2", "edge-shaoxing-1" })
                Assert.Contains("capacity.topolvm.cybozu.com/00default", (await NodeAsync(node)).Metadata.Annotations);
        });
    }

    /// <summary>A pod that runs with a claim called "data"; returns its node.</summary>
    protected async Task<string> RunAppAsync(string size = "5Gi")
    {
        await CreateClaimAsync("data", size);
        await CreatePodWithAsync("data");
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
        return (await PodAsync("app")).Spec.NodeName!;
    }

    protected Task<Pod> PodAsync(string name, string ns = "default") => Client.GetAsync(Pod.Kind, new(ns, name), Cancel);

    protected Task<Node> NodeAsync(string name) => Client.GetAsync(Node.Kind, new(null, name), Cancel);

    protected Task<PersistentVolumeClaim> ClaimAsync(string name, string ns = "default") => Client.GetAsync(PersistentVolumeClaim.Kind, new(ns, name), Cancel);

    protected async Task<Pod[]> PodsAsync(string ns, string namePrefix) =>
        [.. (await Client.ListAsync(Pod.Kind, new ListQuery { Namespace = ns }, Cancel)).Items.Where(pod => pod.Metadata.Name.StartsWith(namePrefix, StringComparison.Ordinal))];

    /// <summary>"reason: message" of the events about an object.</summary>
    protected async Task<string[]> EventsAboutAsync(string name, string ns = "default")
    {
        var kind = new KubeKind<KubeObject>("", "v1", "events", "Event", true, KubeJson.Of<KubeObject>());
        var events = (await Client.ListAsync(kind, new ListQuery { Namespace = ns }, Cancel)).Items;
        return [.. events.Where(one => (string?)one.Json["involvedObject"]!["name"] == name).Select(one => $"{one.Json["reason"]}: {one.Json["message"]}")];
    }

    protected Task CreateAsync(KubeKind kind, string json) => CreateAsync(kind, JsonNode.Parse(json)!.AsObject());

    protected async Task CreateAsync(KubeKind kind, JsonObject body)
    {
        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
        if (kind.Namespaced && body["metadata"]!["namespace"] is null) body["metadata"]!["namespace"] = "default";
        var documents = new KubeKind<KubeObject>(kind.Group, kind.Version, kind.Plural, kind.Kind, kind.Namespaced, KubeJson.Of<KubeObject>());
        await Client.CreateAsync(documents, new KubeObject(body), WriteOptions.Default, Cancel);
    }

    /// <summary>A pod that mounts a claim, on any node that TopoLVM serves.</summary>
    protected Task CreatePodWithAsync(string claim, string name = "app") => CreateAsync(Pod.Kind, $$"""
        {
          "metadata": { "name": "{{name}}" },
          "spec": {
            "nodeSelector": { "superedge.io/local.pv": "topolvm" },
            "containers": [ { "name": "app", "image": "nginx:1.21", "volumeMounts": [ { "name": "data", "mountPath": "/data" } ] } ],
            "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "{{claim}}" } } ]
          }
        }
        """);

    protected Task CreateClaimAsync(string name, string size) => CreateAsync(PersistentVolumeClaim.Kind, $$"""
        {
          "metadata": { "name": "{{name}}" },
          "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": "topolvm-provisioner", "resources": { "requests": { "storage": "{{size}}" } } }
        }
        """);

    protected Task PatchAsync<T>(KubeKind<T> kind, ObjectName name, string json) where T : IKubeObject =>
        Client.PatchAsync(kind, name, Patch.Merge(json), WriteOptions.Default, Cancel);

    protected Task LabelNodeAsync(string name, string? value) => PatchAsync(Node.Kind, new(null, name),
        $$"""{ "metadata": { "labels": { "superedge.io/local.pv": {{(value is null ? "null" : $"\"{value}\"")}} } } }""");

    protected static Task Eventually(Func<Task> assertions) => Testing.Eventually.PassesAsync(assertions, Cancel);

    protected static string? WaitingReason(Pod pod) => pod.Status.ContainerStatuses.Select(container => container.State.Waiting?.Reason).FirstOrDefault(reason => reason is not null);

    protected static bool IsReady(Pod pod) => pod.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });
}
