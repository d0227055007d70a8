using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Core.TopoLvm.Diagnosis.Causes;

namespace Portal.Tests.Core.TopoLvm.Diagnosis.Live;

public sealed class InjectedPlacementCauses : InjectedCauseTest
{
    [Fact]
    public async Task A_class_that_no_node_has_is_named()
    {
        await ReadyAsync();
        await CreateStorageClassAsync("fast", TopoLvmNames.Legacy.Provisioner, $$""", "parameters": { "{{TopoLvmNames.Legacy.DeviceClassParameter}}": "nvme" }""");
        await CreateClaimOfAsync("data", "1Gi", "fast");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<NoNodeWithClass>(App);
    }

    [Fact]
    public async Task A_class_that_is_too_small_is_named_with_its_numbers()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "9Ti");
        await CreatePodWithAsync("data");

        var found = await FirstCauseAsync<ClassTooSmall>(App);
        Assert.Contains("9 TiB", found.What.English, StringComparison.Ordinal);
        await FirstCauseAsync<ClassTooSmall>(Data);
    }

    [Fact]
    public async Task A_class_whose_name_was_changed_is_named()
    {
        await ReadyAsync();
        var before = (await Client.GetAsync(ConfigMap.Kind, new(Home, "topolvm-lvmd"), Cancel)).Data["lvmd.yaml"];
        var name = global::Portal.Core.TopoLvm.Lvmd.LvmdConfig.Read(before).Config!.DeviceClasses.Single().Name;
        await PatchAsync(ConfigMap.Kind, new(Home, "topolvm-lvmd"), $$"""{ "data": { "lvmd.yaml": "device-classes:\n- {name: flash, volume-group: myvg1, default: true}\n" } }""");
        await CreateStorageClassAsync("old", TopoLvmNames.Legacy.Provisioner, $$""", "parameters": { "{{TopoLvmNames.Legacy.DeviceClassParameter}}": "{{name}}" }""");
        foreach (var node in Cluster.Nodes) node.KillLvmd();
        await CreateClaimOfAsync("data", "1Gi", "old");
        await CreatePodWithAsync("data");

        await FirstCauseAsync<DeviceClassRenamed>(App);
    }

    [Fact]
    public async Task Immediate_binding_is_named_where_the_pod_may_not_run_on_the_node_that_was_taken()
    {
        await ReadyAsync();
        await CreateClaimOfAsync("data", "1Gi", "topolvm-immediate");
        await Eventually(async () => Assert.Equal("Bound", (await ClaimAsync("data")).Status.Phase));
        var taken = (await Client.GetAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), new(null, "pvc-" + (await ClaimAsync("data")).Metadata.Uid), Cancel)).Spec.NodeName;
        await CreatePodOfAsync("data", OnNode(taken == "edge-hangzhou-1" ? "edge-hangzhou-2" : "edge-hangzhou-1"));

        await FirstCauseAsync<ImmediateBinding>(App);
    }

    [Fact]
    public async Task A_taint_on_the_node_of_the_volume_is_named()
    {
        await ReadyAsync();
        var node = await RunAppAsync();
        await PatchAsync(Node.Kind, new(null, node), """{ "spec": { "taints": [ { "key": "maintenance", "value": "yes", "effect": "NoSchedule" } ] } }""");
        await Client.DeleteAsync(Pod.Kind, App.Name, global::Portal.Core.Kubernetes.DeleteOptions.Default, Cancel);
        await Eventually(async () => Assert.Null(await Client.FindAsync(Pod.Kind, App.Name, Cancel)));
        await CreatePodWithAsync("data");

        var found = await FirstCauseAsync<VolumeElsewhere>(App);
        Assert.Contains(found.Evidence, evidence => evidence.Says.English.Contains("maintenance=yes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_selector_that_leaves_only_nodes_without_room_is_named()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await CreatePodOfAsync("data", OnNode("master-1"));

        await FirstCauseAsync<RoomElsewhere>(App);
    }

    [Fact]
    public async Task A_pod_that_bypasses_the_scheduler_is_named()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await CreatePodOfAsync("data", "\"nodeName\": \"edge-hangzhou-1\",");

        await FirstCauseAsync<PodBypassesScheduler>(App);
        await FirstCauseAsync<PodBypassesScheduler>(Data);
    }

    [Fact]
    public async Task What_lvm_says_is_shown_where_a_volume_cannot_be_made()
    {
        await ReadyAsync();
        foreach (var node in Cluster.Nodes) node.FailLvm("exit status 5: device-mapper: create ioctl failed: Device or resource busy");
        await CreateClaimAsync("data", "1Gi");
        await CreatePodWithAsync("data");

        var found = await FirstCauseAsync<LogicalVolumeRefused>(Data);
        Assert.Contains("device-mapper", found.Evidence.Single().Says.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_waits_for_its_first_pod_is_as_intended()
    {
        await ReadyAsync();

        Assert.Equal(Urgency.AsIntended, (await FirstCauseAsync<WaitsForConsumer>(new(SubjectKind.Claim, new("telemetry", "prepared")))).Urgency);
    }
}
