using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Core.TopoLvm.Diagnosis.Causes;
using Portal.Simulator;

namespace Portal.Tests.Core.TopoLvm.Diagnosis.Live;

public sealed class InjectedComponentCauses : InjectedCauseTest
{
    [Fact]
    public async Task A_webhook_that_is_down_is_named_before_the_pod_that_is_missing()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await Cluster.TopoLvmFaults.TakeWebhookDownAsync(Cancel);
        await CreateWorkloadAsync();

        await FirstCauseAsync<WebhookDown>(Data);
    }

    [Fact]
    public async Task A_webhook_whose_certificate_is_not_trusted_is_named()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await Cluster.TopoLvmFaults.DistrustWebhookAsync(Cancel);
        await CreateWorkloadAsync();

        await FirstCauseAsync<WebhookCertificate>(Data);
    }

    [Fact]
    public async Task A_controller_that_is_stopped_is_named()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await PatchAsync(Node.Kind, new(null, "edge-hangzhou-1"), """{ "spec": { "unschedulable": true } }""");
        await PatchAsync(Node.Kind, new(null, "edge-hangzhou-2"), """{ "spec": { "unschedulable": true } }""");
        await PatchAsync(Node.Kind, new(null, "edge-shaoxing-1"), """{ "spec": { "unschedulable": true } }""");
        await CreatePodWithAsync("data");
        await Cluster.TopoLvmFaults.StopControllerAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-controller-")));
        await PatchAsync(Node.Kind, new(null, "edge-hangzhou-1"), """{ "spec": { "unschedulable": null } }""");

        await FirstCauseAsync<ControllerDown>(App);
        await FirstCauseAsync<ControllerDown>(Data);
    }

    [Fact]
    public async Task An_extender_that_does_not_answer_is_named()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.TakeExtenderDownAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-scheduler-")));
        await CreateClaimAsync("data", "1Gi");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<ExtenderSilent>(App);
    }

    [Fact]
    public async Task A_class_of_the_other_group_is_named()
    {
        await ReadyAsync();
        await CreateStorageClassAsync("new", TopoLvmNames.Current.Provisioner);
        await CreateClaimOfAsync("data", "1Gi", "new");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<WrongGroup>(App);
    }

    [Fact]
    public async Task A_class_that_is_not_there_is_named()
    {
        await ReadyAsync();
        await CreateClaimOfAsync("data", "1Gi", "nowhere");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<StorageClassMissing>(App);
        await FirstCauseAsync<StorageClassMissing>(Data);
    }

    [Fact]
    public async Task Two_default_classes_are_named_where_they_keep_a_claim_from_being_made()
    {
        await ReadyAsync();
        foreach (var name in new[] { "topolvm-provisioner", "topolvm-retain" })
            await PatchAsync(StorageClass.Kind, new(null, name), """{ "metadata": { "annotations": { "storageclass.kubernetes.io/is-default-class": "true" } } }""");
        var refused = await Assert.ThrowsAsync<KubeException>(() => CreateAsync(PersistentVolumeClaim.Kind,
            """{ "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } } }"""));
        await CreatePodWithAsync("data");

        Assert.Contains("default StorageClasses were found", refused.Status.Message, StringComparison.Ordinal);
        await FirstCauseAsync<TwoDefaults>(App);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_named_before_the_claim_that_is_missing()
    {
        await ReadyAsync();
        await PatchAsync(ResourceQuota.Kind, new("retail", "storage"), """{ "spec": { "hard": { "requests.storage": "1Gi", "persistentvolumeclaims": "1" } } }""");
        await Assert.ThrowsAsync<KubeException>(() => CreateAsync(PersistentVolumeClaim.Kind,
            """{ "metadata": { "namespace": "retail", "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": "topolvm-provisioner", "resources": { "requests": { "storage": "1Gi" } } } }"""));
        await CreateAsync(Pod.Kind, """
            { "metadata": { "namespace": "retail", "name": "app" }, "spec": { "containers": [ { "name": "app", "image": "x" } ], "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "data" } } ] } }
            """);

        await FirstCauseAsync<QuotaExceeded>(new(SubjectKind.Pod, new("retail", "app")));
    }

    [Fact]
    public async Task A_claim_that_is_missing_is_named()
    {
        await ReadyAsync();
        await CreatePodWithAsync("data");

        await FirstCauseAsync<ClaimMissing>(App);
    }
}

public sealed class WithoutExtender : InjectedCauseTest
{
    // Its flags tell that it has no configuration: the pod that shows them is not there.
    protected override Scenario Scenario => Scenario.Storage with
    {
        SchedulerAsksExtender = false,
        Objects = [.. Scenario.Storage.Objects.Where(one => !one.Name.StartsWith("kube-scheduler", StringComparison.Ordinal))],
    };

    [Fact]
    public async Task A_kube_scheduler_that_does_not_know_the_extender_is_named()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<ExtenderNotAsked>(App);
    }
}

public sealed class WithoutTopoLvm : InjectedCauseTest
{
    protected override Scenario Scenario => Scenario.Bare;

    [Fact]
    public async Task A_topolvm_that_is_not_installed_is_named()
    {
        await CreateStorageClassAsync("left", TopoLvmNames.Legacy.Provisioner);
        await CreateClaimOfAsync("data", "1Gi", "left");
        await CreatePodOfAsync("data", "");

        await FirstCauseAsync<TopoLvmIncomplete>(App);
    }
}
