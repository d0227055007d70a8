using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Tests.Simulator.Life;

public sealed class WebhookCallsTests : LifeTest
{
    private static readonly KubeKind<KubeObject> Webhooks =
        new("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false, KubeJson.Of<KubeObject>());

    private static readonly KubeKind<KubeObject> Secrets = new("", "v1", "secrets", "Secret", true, KubeJson.Of<KubeObject>());

    [Fact]
    public async Task A_pod_is_told_to_the_extender_and_a_claim_gets_the_finalizer()
    {
        await ServedAsync();
        var claim = JsonNode.Parse("""{ "metadata": { "name": "data" }, "spec": { "storageClassName": "topolvm-provisioner", "resources": { "requests": { "storage": "1500Mi" } } } }""")!.AsObject();
        Assert.Null(await AdmitAsync("persistentvolumeclaims", "default", claim));
        Assert.Equal([TopoLvmNames.Legacy.ClaimFinalizer], claim["metadata"]!["finalizers"]!.AsArray().Select(one => (string)one!));

        await CreateClaimAsync("data", "1500Mi");
        var pod = PodWith("data");
        Assert.Null(await AdmitAsync("pods", "default", pod));

        Assert.Equal("2147483648", (string)pod["metadata"]!["annotations"]!["capacity.topolvm.cybozu.com/00default"]!);
        Assert.Equal("1", (string)pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["topolvm.cybozu.com/capacity"]!);
    }

    [Fact]
    public async Task Without_a_ready_controller_no_pod_can_be_created_except_where_the_webhook_is_ignored()
    {
        await ServedAsync();
        await PatchAsync(Deployment.Kind, new("topolvm-system", "topolvm-controller"), """{ "spec": { "replicas": 0 } }""");
        await Eventually(async () => Assert.Empty(await PodsAsync("topolvm-system", "topolvm-controller-")));

        var refused = await AdmitAsync("pods", "default", PodWith("data"));

        Assert.StartsWith("failed calling webhook \"pod-hook.topolvm.cybozu.com\": Post \"https://topolvm-controller.topolvm-system.svc:443/pod/mutate?timeout=", refused);
        Assert.EndsWith("connect: connection refused", refused);
        Assert.Null(await AdmitAsync("pods", "kube-system", PodWith("data")));
        await Client.DeleteAsync(Webhooks, new(null, "topolvm-hook"), DeleteOptions.Default, Cancel);
        Assert.Null(await AdmitAsync("pods", "default", PodWith("data")));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        await ServedAsync();
        var other = WebhookCertificate.Create("topolvm-system", TimeProvider.System).ToSecret(new("topolvm-system", "topolvm-mutatingwebhook"));
        await PatchAsync(Secrets, new("topolvm-system", "topolvm-mutatingwebhook"), new JsonObject { ["data"] = other.Json["data"]!.DeepClone() }.ToJsonString());

        Assert.EndsWith("x509: certificate signed by unknown authority", await AdmitAsync("pods", "default", PodWith("data")));
    }

    private async Task ServedAsync()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () => Assert.Null(await AdmitAsync("pods", "default", PodWith("none"))));
    }

    private Task<string?> AdmitAsync(string resource, string ns, JsonObject created) => new WebhookCalls(Client, TimeProvider.System).AdmitAsync(resource, ns, created, Cancel);

    private static JsonObject PodWith(string claim) => JsonNode.Parse($$"""
        {
          "metadata": { "name": "app" },
          "spec": { "containers": [ { "name": "app" } ], "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "{{claim}}" } } ] }
        }
        """)!.AsObject();
}
