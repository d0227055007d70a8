using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Simulator.Scenarios;

/// <summary>Puts TopoLVM into a cluster in one go, as somebody else than the portal did before it came.</summary>
public static class StandingTopoLvm
{
    /// <summary>What edgeadm leaves: its own manifests, and a lvmd.yaml that a person has edited since.</summary>
    internal static Task ByEdgeadmAsync(KubeClient client, TimeProvider time, CancellationToken cancel) =>
        CreateAsync(client, new InstallSpec(), "edgeadm", AsEdgeadm, time, cancel);

    /// <summary>Creates every object of a spec's plan.</summary>
    public static Task CreateAsync(KubeClient client, InstallSpec spec, TimeProvider time, CancellationToken cancel) =>
        CreateAsync(client, spec, "kubectl", document => document, time, cancel);

    private static async Task CreateAsync(KubeClient client, InstallSpec spec, string manager, Func<KubeObject, KubeObject> change, TimeProvider time, CancellationToken cancel)
    {
        var options = new WriteOptions { FieldManager = manager };
        var facts = await FactGathering.GatherAsync(client, spec, time, cancel);
        facts = facts with { Certificate = WebhookCertificate.Create(spec.Namespace, time) };
        var plan = InstallPlan.For(spec, facts);
        var secrets = facts.Api.Find("v1", "Secret")!;
        foreach (var planned in plan.Objects)
        {
            if (planned.Shared && await client.FindAsync(planned.Kind, planned.Name.Name, cancel) is not null)
                await client.PatchAsync(planned.Kind, planned.Name.Name, Patch.Merge(planned.Document.Json.ToJsonString()), options, cancel);
            else
                await client.CreateAsync(planned.Kind, change(planned.Document), options, cancel);
            if (planned.Stage == InstallStage.Namespace && planned.Document.Name == spec.Namespace && plan.CertificateSecret is { } secret)
                await client.CreateAsync(secrets, facts.Certificate!.ToSecret(secret), options, cancel);
        }
    }

    private static KubeObject AsEdgeadm(KubeObject planned)
    {
        var json = planned.Json.DeepClone().AsObject();
        (json["metadata"]?["labels"] as JsonObject)?.Remove(InstallPlan.ManagedByLabel);
        if (planned.Kind == "ConfigMap" && json["data"]?["lvmd.yaml"] is not null)
        {
            json["data"]!["lvmd.yaml"] = """
                socket-name: /run/topolvm/lvmd.sock
                device-classes:
                  - name: hdd
                    volume-group: myvg1
                    default: true
                    spare-gb: 10
                """;
        }
        if (planned.Kind is "Deployment" or "DaemonSet" && json["spec"]?["template"]?["metadata"]?["annotations"] is JsonObject annotations)
        {
            foreach (var ours in annotations.Select(annotation => annotation.Key).Where(key => key.StartsWith("topolvm-portal/", StringComparison.Ordinal)).ToArray())
                annotations.Remove(ours);
        }
        return new KubeObject(json);
    }
}
