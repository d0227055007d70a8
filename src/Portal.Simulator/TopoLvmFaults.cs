using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life;

namespace Portal.Simulator;

/// <summary>Breaks an installed TopoLVM in the ways that people meet. Whoever breaks it mends it through the API.</summary>
public sealed class TopoLvmFaults(KubeClient client)
{
    private static readonly WriteOptions Writes = new() { FieldManager = "kubectl-edit" };

    /// <summary>The controller ends and does not come back: its Deployment has no replicas.</summary>
    public Task StopControllerAsync(CancellationToken cancel) => ScaleControllerAsync(0, cancel);

    public Task ScaleControllerAsync(int replicas, CancellationToken cancel) =>
        PatchAsync(LifeKinds.Deployments, new(InstallSpec.DefaultNamespace, "topolvm-controller"), new JsonObject { ["replicas"] = replicas }, cancel);

    /// <summary>The webhook's Service finds no pod, while the controller goes on.</summary>
    public Task TakeWebhookDownAsync(CancellationToken cancel) =>
        PatchAsync(LifeKinds.Services, new(InstallSpec.DefaultNamespace, "topolvm-controller"), new JsonObject { ["selector"] = new JsonObject { ["no"] = "pod" } }, cancel);

    /// <summary>The webhook configuration trusts another authority than the one that signed the certificate.</summary>
    public async Task DistrustWebhookAsync(CancellationToken cancel)
    {
        var other = WebhookCertificate.Create(InstallSpec.DefaultNamespace, TimeProvider.System).ToSecret(new(InstallSpec.DefaultNamespace, "other"));
        var bundle = other.Json.Text("data", "ca.crt") is { Length: > 0 } authority ? authority : other.Json.Text("data", "tls.crt");
        foreach (var configuration in (await client.ListAsync(LifeKinds.Webhooks, ListQuery.All, cancel)).Items.Where(one => one.Json.Objects("webhooks").Any(webhook => webhook.Text("clientConfig", "service", "name") == "topolvm-controller")))
        {
            var webhooks = configuration.Json["webhooks"]!.DeepClone();
            foreach (var webhook in webhooks.AsArray()) webhook!["clientConfig"]!["caBundle"] = bundle;
            await client.PatchAsync(LifeKinds.Webhooks, configuration.Metadata.ObjectName, Patch.Merge(new JsonObject { ["webhooks"] = webhooks }.ToJsonString()), Writes, cancel);
        }
    }

    /// <summary>topolvm-scheduler runs nowhere, while kube-scheduler goes on asking it.</summary>
    public Task TakeExtenderDownAsync(CancellationToken cancel) => PatchAsync(LifeKinds.DaemonSets, new(InstallSpec.DefaultNamespace, "topolvm-scheduler"),
        new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["nodeSelector"] = new JsonObject { ["no"] = "node" } } } }, cancel);

    private Task<KubeObject> PatchAsync(KubeKind<KubeObject> kind, ObjectName name, JsonObject spec, CancellationToken cancel) =>
        client.PatchAsync(kind, name, Patch.Merge(new JsonObject { ["spec"] = spec }.ToJsonString()), Writes, cancel);
}
