using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Scheduling;

namespace Portal.Simulator.Life.TopoLvm;

// kube-apiserver calls the webhooks of every configuration that matches a new pod or claim. It reads the cluster at that
// moment, never a copy: a configuration that has been deleted must not refuse anything a moment later.

/// <summary>The API server's calls to TopoLVM's webhooks, which fail when no controller serves them or its certificate is not trusted.</summary>
public sealed class WebhookCalls(KubeClient client, TimeProvider time)
{
    /// <summary>Changes the object as the webhooks would. Returns what the API server answers in place of creating it, null when it may be created.</summary>
    public async Task<string?> AdmitAsync(string resource, string ns, JsonObject created, CancellationToken cancel)
    {
        if (resource is not ("pods" or "persistentvolumeclaims")) return null;
        foreach (var configuration in (await client.ListAsync(LifeKinds.Webhooks, ListQuery.All, cancel)).Items)
        {
            foreach (var webhook in configuration.Json.Objects("webhooks"))
            {
                if (!await MatchesAsync(webhook, resource, ns, cancel)) continue;
                if (await CallAsync(webhook, ns, created, cancel) is not { } problem) continue;
                if (webhook.Text("failurePolicy") != "Ignore") return $"failed calling webhook \"{webhook.Text("name")}\": {problem}";
            }
        }
        return null;
    }

    private async Task<bool> MatchesAsync(JsonObject webhook, string resource, string ns, CancellationToken cancel)
    {
        var isNamed = webhook.Objects("rules").Any(rule => Names(rule, "operations", "CREATE") && Names(rule, "apiGroups", "") && Names(rule, "apiVersions", "v1") && Names(rule, "resources", resource));
        if (!isNamed) return false;
        if (webhook["namespaceSelector"] is not JsonObject { Count: > 0 } selector) return true;
        var found = await client.FindAsync(LifeKinds.Namespaces, new(null, ns), cancel);
        return found is not null && NodeFit.Selects(selector, found.Metadata);
    }

    private static bool Names(JsonObject rule, string list, string value) => rule.Texts(list).Any(one => one == value || one == "*");

    private async Task<string?> CallAsync(JsonObject webhook, string ns, JsonObject created, CancellationToken cancel)
    {
        var service = new ObjectName(webhook.Text("clientConfig", "service", "namespace"), webhook.Text("clientConfig", "service", "name"));
        var path = webhook.Text("clientConfig", "service", "path");
        var post = $"Post \"https://{service.Name}.{service.Namespace}.svc:443{path}?timeout={webhook.Number(30, "timeoutSeconds")}s\": ";
        if (await client.FindAsync(LifeKinds.Services, service, cancel) is not { } found) return post + $"service \"{service.Name}\" not found";
        var selector = string.Join(',', found.Json.Entries("spec", "selector").Select(label => $"{label.Key}={label.Value}"));
        var pods = (await client.ListAsync(LifeKinds.Pods, new ListQuery { Namespace = service.Namespace, LabelSelector = selector }, cancel)).Items;
        var server = pods.FirstOrDefault(PodRules.IsReady);
        if (server is null) return post + $"dial tcp {Address(found)}:443: connect: connection refused";
        if (await CertificateProblemAsync(webhook, server, service, cancel) is { } untrusted) return post + untrusted;
        await MutateAsync(path, server, ns, created, cancel);
        return null;
    }

    private static string Address(KubeObject service) => service.Json.Text("spec", "clusterIP") is { Length: > 0 } address ? address : "10.96.0.10";

    private async Task<string?> CertificateProblemAsync(JsonObject webhook, KubeObject server, ObjectName service, CancellationToken cancel)
    {
        var secrets = server.Json.Objects("spec", "volumes").Select(volume => volume.Text("secret", "secretName")).Where(name => name.Length > 0);
        var secret = secrets.FirstOrDefault() is { } name ? await client.FindAsync(LifeKinds.Secrets, new(server.Namespace, name), cancel) : null;
        return WebhookCertificateCheck.WhyRefused(webhook.Text("clientConfig", "caBundle"), secret?.Json.Text("data", "tls.crt") ?? "", $"{service.Name}.{service.Namespace}.svc", time.GetUtcNow());
    }

    private async Task MutateAsync(string path, KubeObject server, string ns, JsonObject created, CancellationToken cancel)
    {
        if (RunningController.Of(server) is not { } controller) return;
        var classes = (await client.ListAsync(LifeKinds.StorageClasses, ListQuery.All, cancel)).Items.ToDictionary(one => one.Name);
        if (path == "/pvc/mutate") WebhookMutation.MarkClaim(controller.Names, created, classes);
        if (path != "/pod/mutate") return;
        var claims = new Dictionary<string, KubeObject>();
        foreach (var name in PodRules.Claims(new KubeObject(created)).Select(claim => claim.Name).Distinct())
            if (await client.FindAsync(LifeKinds.Claims, new(ns, name), cancel) is { } claim) claims[name] = claim;
        WebhookMutation.MarkPod(controller.Names, controller.Version, created, claims, classes);
    }
}
