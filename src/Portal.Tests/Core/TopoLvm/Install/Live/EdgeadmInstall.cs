using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>Puts TopoLVM 0.10.0 into a cluster the way SuperEdge's edgeadm does: created, not applied; node selectors by the master label, fixed
/// checksums, a v1beta1 webhook configuration, and a Secret without the CA.</summary>
internal static class EdgeadmInstall
{
    private static readonly WriteOptions ByEdgeadm = new() { FieldManager = "edgeadm" };

    public static async Task CreateAsync(KubeClient client, CancellationToken cancel)
    {
        var spec = new InstallSpec();
        var facts = await FactGathering.GatherAsync(client, spec, TimeProvider.System, cancel);
        var certificate = WebhookCertificate.Create(spec.Namespace, TimeProvider.System);
        var plan = InstallPlan.For(spec, facts with { Certificate = certificate });
        var secret = certificate.ToSecret(plan.CertificateSecret!.Value);
        ((JsonObject)secret.Json["data"]!).Remove("ca.crt");
        foreach (var planned in plan.Objects.Where(planned => !planned.Shared))
        {
            if (planned.Stage == InstallStage.Configuration && planned.Document.Name == plan.Profile.LvmdConfigMap)
                await client.CreateAsync(facts.Api.Find("v1", "Secret")!, secret, ByEdgeadm, cancel);
            await CreateAsync(client, facts.Api, planned, cancel);
        }
        foreach (var name in new[] { "kube-system", spec.Namespace })
            await client.PatchAsync(Namespace.Kind, new(null, name), Patch.Merge("""{"metadata":{"labels":{"topolvm.cybozu.com/webhook":"ignore"}}}"""), ByEdgeadm, cancel);
    }

    private static Task CreateAsync(KubeClient client, ApiResources api, PlannedObject planned, CancellationToken cancel)
    {
        var json = planned.Document.Json;
        var kind = planned.Kind;
        var labels = (JsonObject)json["metadata"]!["labels"]!;
        labels.Remove(InstallPlan.ManagedByLabel);
        if (planned.Stage is InstallStage.Namespace or InstallStage.Definition) json["metadata"]!.AsObject().Remove("labels");
        if (planned.Stage == InstallStage.Webhook)
        {
            kind = api.Find("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration") ?? kind;
            json["apiVersion"] = kind.ApiVersion;
        }
        if (json["spec"]?["template"] is JsonObject template)
        {
            if (template["metadata"]?["annotations"] is JsonObject annotations && annotations.ContainsKey("checksum/config")) annotations["checksum/config"] = "edgeadm";
            var pod = template["spec"]!.AsObject();
            if (pod["affinity"] is JsonObject affinity)
            {
                affinity.Remove("nodeAffinity");
                pod["nodeSelector"] = new JsonObject { ["node-role.kubernetes.io/master"] = "" };
            }
        }
        return client.CreateAsync(kind, new KubeObject(json), ByEdgeadm, cancel);
    }
}
