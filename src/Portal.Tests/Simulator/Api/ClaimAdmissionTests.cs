using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator.Api;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Api;

public sealed class ClaimAdmissionTests
{
    private static readonly KubeKind<KubeObject> Quotas = new("", "v1", "resourcequotas", "ResourceQuota", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> Classes = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false, KubeJson.Of<KubeObject>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_default_classes_are_an_error_up_to_1_25_and_the_newest_wins_after()
    {
        var time = new ManualTime();
        foreach (var (version, taken) in new[] { ("v1.20.6", null), ("v1.25.16", null), ("v1.26.0", "newer"), ("v1.34.0", "newer") })
        {
            await using var server = await SimulatedApiServer.StartAsync(new() { ServerVersion = version, TimeProvider = time }, Cancel);
            using var client = new KubeClient(server.Connection);
            await CreateClassAsync(client, "older");
            Assert.Equal("older", await ClassOfAsync(client, "first"));
            time.Advance(TimeSpan.FromMinutes(1));
            await CreateClassAsync(client, "newer");

            if (taken is not null)
            {
                Assert.Equal(taken, await ClassOfAsync(client, "second"));
                continue;
            }
            var refused = await Assert.ThrowsAsync<KubeException>(() => ClassOfAsync(client, "second"));
            Assert.Equal("persistentvolumeclaims \"second\" is forbidden: Internal error occurred: 2 default StorageClasses were found", refused.Status.Message);
        }
    }

    [Fact]
    public async Task A_claim_that_names_no_class_on_purpose_gets_none()
    {
        await using var server = await SimulatedApiServer.StartAsync(new(), Cancel);
        using var client = new KubeClient(server.Connection);
        await CreateClassAsync(client, "default");

        Assert.Equal("", await ClassOfAsync(client, "data", "\"storageClassName\": \"\","));
    }

    [Fact]
    public async Task A_quota_counts_claims_bytes_and_the_bytes_of_a_class()
    {
        await using var server = await SimulatedApiServer.StartAsync(new(), Cancel);
        using var client = new KubeClient(server.Connection);
        await client.CreateAsync(Quotas, Document(Quotas, "storage", """
            { "spec": { "hard": { "requests.storage": "50Gi", "persistentvolumeclaims": "3", "fast.storageclass.storage.k8s.io/requests.storage": "20Gi" } } }
            """), WriteOptions.Default, Cancel);
        await CreateClaimAsync(client, "one", "15Gi", "fast");

        Assert.Equal("persistentvolumeclaims \"two\" is forbidden: exceeded quota: storage, requested: fast.storageclass.storage.k8s.io/requests.storage=6Gi, "
            + "used: fast.storageclass.storage.k8s.io/requests.storage=15Gi, limited: fast.storageclass.storage.k8s.io/requests.storage=20Gi", await RefusedAsync(client, "two", "6Gi", "fast"));
        await CreateClaimAsync(client, "two", "6Gi", "slow");
        Assert.Contains("requested: requests.storage=30Gi, used: requests.storage=21Gi, limited: requests.storage=50Gi", await RefusedAsync(client, "three", "30Gi", "slow"));
        await CreateClaimAsync(client, "three", "1Gi", "slow");
        Assert.Contains("requested: persistentvolumeclaims=1, used: persistentvolumeclaims=3, limited: persistentvolumeclaims=3", await RefusedAsync(client, "four", "1Gi", "slow"));

        await Eventually.PassesAsync(async () =>
        {
            var used = (await client.GetAsync(Quotas, new("default", "storage"), Cancel)).Json["status"]!["used"]!;
            Assert.Equal(("22Gi", "3", "15Gi"), ((string?)used["requests.storage"], (string?)used["persistentvolumeclaims"], (string?)used["fast.storageclass.storage.k8s.io/requests.storage"]));
        }, Cancel);
    }

    private static async Task<string?> ClassOfAsync(KubeClient client, string name, string more = "")
    {
        await client.CreateAsync(Claims, Document(Claims, name, $$"""{ "spec": { {{more}} "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } } }"""), WriteOptions.Default, Cancel);
        return (await client.GetAsync(PersistentVolumeClaim.Kind, new("default", name), Cancel)).Spec.StorageClassName;
    }

    private static Task CreateClassAsync(KubeClient client, string name) => client.CreateAsync(Classes, Document(Classes, name, """
        { "metadata": { "annotations": { "storageclass.kubernetes.io/is-default-class": "true" } }, "provisioner": "topolvm.io" }
        """), WriteOptions.Default, Cancel);

    private static Task CreateClaimAsync(KubeClient client, string name, string size, string className) => client.CreateAsync(Claims, Document(Claims, name, $$"""
        { "spec": { "storageClassName": "{{className}}", "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "{{size}}" } } } }
        """), WriteOptions.Default, Cancel);

    private static async Task<string> RefusedAsync(KubeClient client, string name, string size, string className) =>
        (await Assert.ThrowsAsync<KubeException>(() => CreateClaimAsync(client, name, size, className))).Status.Message;

    private static KubeObject Document(KubeKind kind, string name, string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
        if (body["metadata"] is null) body["metadata"] = new JsonObject();
        body["metadata"]!["name"] = name;
        if (kind.Namespaced) body["metadata"]!["namespace"] = "default";
        return new KubeObject(body);
    }
}
