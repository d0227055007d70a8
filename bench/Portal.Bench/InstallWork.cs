using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.TopoLvm.Install;

namespace Portal.Bench;

/// <summary>What an install asks of the API server, beside <c>kubectl apply</c> of the same objects. Waiting for pods is left out of both.</summary>
public sealed class InstallWork(KubeClient client, Kubectl kubectl, InstallSpec spec)
{
    private static readonly string[] Waits = ["controller-ready", "components-ready"];
    private static readonly string[] Looks = ["check", "verify"];

    private readonly List<TimeSpan> _applying = [], _whole = [], _kubectl = [];

    public async Task<Samples[]> MeasureAsync(int rounds)
    {
        await BenchNodes.CreateAsync(client, "bench-0", "node-role.kubernetes.io/control-plane=");
        // The first of each is not counted: it warms up code on one side and the discovery cache on the other.
        for (var round = -1; round < rounds; round++)
        {
            await RunPortalAsync();
            await RemoveAsync();
            await RunKubectlAsync();
            await RemoveAsync();
            if (round >= 0) continue;
            _applying.Clear();
            _whole.Clear();
            _kubectl.Clear();
        }
        return
        [
            new("install: the steps that write", _applying),
            new("install: with planning, preflight, verification", _whole),
            new("kubectl apply of the same objects", _kubectl),
        ];
    }

    private async Task RunPortalAsync()
    {
        var context = new OperationContext(client, new Live<ClusterSnapshot>(ClusterSnapshot.Empty), TimeProvider.System);
        var run = new StepRun(context, new UserCluster(client, (_, _) => Task.CompletedTask), _ => { });
        var began = Stopwatch.GetTimestamp();
        var applying = TimeSpan.Zero;
        foreach (var step in await new InstallOperation(spec).PlanAsync(context, CancellationToken.None))
        {
            if (Waits.Contains(step.Id)) continue;
            var stepBegan = Stopwatch.GetTimestamp();
            await step.RunAsync(run, CancellationToken.None);
            if (!Looks.Contains(step.Id)) applying += Stopwatch.GetElapsedTime(stepBegan);
        }
        _applying.Add(applying);
        _whole.Add(Stopwatch.GetElapsedTime(began));
    }

    private async Task RunKubectlAsync()
    {
        var objects = (await PlanAsync()).Select(planned => (JsonNode)planned.Json.DeepClone()).ToArray();
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(file, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray(objects) }.ToJsonString());
        var began = Stopwatch.GetTimestamp();
        await kubectl.RunAsync("apply", "-f", file);
        _kubectl.Add(Stopwatch.GetElapsedTime(began));
        File.Delete(file);
    }

    /// <summary>Everything the install makes, in its order, the webhook's certificate among it.</summary>
    private async Task<List<KubeObject>> PlanAsync()
    {
        var facts = await FactGathering.GatherAsync(client, spec, TimeProvider.System, CancellationToken.None);
        var certificate = WebhookCertificate.Create(spec.Namespace, TimeProvider.System);
        var plan = InstallPlan.For(spec, facts with { Certificate = certificate });
        var objects = plan.Objects.Select(planned => planned.Document).ToList();
        if (plan.CertificateSecret is { } secret) objects.Insert(1, certificate.ToSecret(secret));
        return objects;
    }

    private async Task RemoveAsync()
    {
        var api = await client.DiscoverAsync(CancellationToken.None);
        var objects = (await PlanAsync()).Where(made => made.Name != "kube-system").Reverse()
            .Select(made => (Kind: api.Find(made.ApiVersion, made.Kind)!, Name: new ObjectName(made.Namespace, made.Name))).ToArray();
        foreach (var (kind, name) in objects) await client.DeleteAsync(kind, name, DeleteOptions.Default, CancellationToken.None);
        foreach (var (kind, name) in objects)
            while (await client.FindAsync(kind, name, CancellationToken.None) is not null) await Task.Delay(50);
    }
}
