using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class SchedulingEvidenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Component Scheduler =
        new(ComponentRole.Scheduler, "DaemonSet", new("topolvm-system", "topolvm-scheduler"), 1, 1, 0, ComponentHealth.Ready, null);

    private static readonly SchedulingFacts WithExtender = new()
    {
        Installation = new(TopoLvmNames.Legacy, "0.10.0", "topolvm-system", InstallationOrigin.Edgeadm, [Scheduler]),
        Version = new(1, 20, "v1.20.6"),
        KubeSchedulers = [new("kube-scheduler-master-1", "master-1", null, "/etc/policy.cfg", Now.AddHours(-1))],
        Extender = Scheduler,
        MarksPods = true,
        TracksCapacity = false,
    };

    private static readonly SchedulingFacts WithTracking = WithExtender with
    {
        Version = new(1, 26, "v1.26.3"),
        KubeSchedulers = [new("kube-scheduler-master-1", "master-1", null, null, Now.AddHours(-1))],
        Extender = null,
        MarksPods = false,
        TracksCapacity = true,
        ServesCapacity = true,
        Capacities = [new CsiStorageCapacity { Metadata = new ObjectMeta { Name = "csisc-1", CreationTimestamp = Now.AddMinutes(-5) } }],
    };

    public static TheoryData<string, SchedulingState, string> Rows => new()
    {
        { "extender", SchedulingState.Extender, "kube-scheduler on master-1 is started with --policy-config-file=/etc/policy.cfg" },
        { "extender by configuration", SchedulingState.Extender, "--config=/etc/config.yaml" },
        { "flag missing", SchedulingState.Contradictory, "!without --config and --policy-config-file" },
        { "flag missing on one of two", SchedulingState.Contradictory, "!kube-scheduler on master-2 is started without" },
        { "both flags", SchedulingState.Extender, "!has both --config and --policy-config-file" },
        { "policy on a release that dropped it", SchedulingState.Extender, "!a Policy, which Kubernetes v1.23.0 no longer reads" },
        { "flag there but pods are refused", SchedulingState.Contradictory, "!did not ask the extender for pod shop/app: 0/3 nodes" },
        { "refused before the extender answered", SchedulingState.Extender, "the extender's answer for pod shop/app" },
        { "refused before a marked pod was placed", SchedulingState.Extender, "kube-scheduler placed pod shop/app, which TopoLVM's webhook had marked" },
        { "refused after a marked pod was placed", SchedulingState.Contradictory, "!did not ask the extender for pod shop/app" },
        { "no pod of kube-scheduler, but a marked pod runs", SchedulingState.Extender, "kube-scheduler placed pod shop/app" },
        { "no pod of kube-scheduler", SchedulingState.Unproven, "no pod of kube-scheduler" },
        { "no pod of kube-scheduler but its answer", SchedulingState.Extender, "the extender's answer for pod shop/app" },
        { "extender not installed", SchedulingState.Contradictory, "!topolvm-scheduler is not installed" },
        { "extender not ready", SchedulingState.Contradictory, "!0 of 1 pods are ready" },
        { "extender missing on a master", SchedulingState.Contradictory, "!No topolvm-scheduler answers beside kube-scheduler on master-2" },
        { "extender does not answer", SchedulingState.Extender, "!asked the extender for pod shop/app and got no answer" },
        { "webhook and tracking", SchedulingState.Contradictory, "!marks pods with new volumes by topolvm.cybozu.com/capacity" },
        { "neither", SchedulingState.None, "!No webhook of TopoLVM marks pods" },
        { "tracking", SchedulingState.CapacityTracking, "1 CSIStorageCapacity objects say the same" },
        { "tracking that lags", SchedulingState.CapacityTracking, "1 of them say something else than their node" },
        { "tracking without objects", SchedulingState.Contradictory, "!There are no CSIStorageCapacity objects" },
        { "tracking that is not served", SchedulingState.None, "!which Kubernetes v1.20.6 does not serve" },
        { "tracking that was seen at work", SchedulingState.CapacityTracking, "counted capacity objects for pod shop/app" },
        { "no driver object", SchedulingState.Extender, "!There is no CSIDriver object topolvm.cybozu.com" },
    };

    /// <summary>A sentence that begins with "!" is one that speaks against the mode, and must say what to do.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void The_mode_is_named_and_the_sentence_that_decides_is_among_the_proofs(string facts, SchedulingState state, string sentence)
    {
        var evidence = SchedulingEvidence.Of(FactsOf(facts));

        Assert.Equal(state, evidence.State);
        var proof = Assert.Single(evidence.Proofs, proof => proof.Text.English.Contains(sentence.TrimStart('!'), StringComparison.Ordinal));
        Assert.Equal(sentence.StartsWith('!'), proof.Verdict == ProofVerdict.Bad);
        Assert.All(evidence.Proofs.Where(one => one.Verdict == ProofVerdict.Bad && one.Text.Key != "ProofTracks"), one => Assert.NotNull(one.Remedy));
    }

    [Fact]
    public void The_facts_are_read_from_pods_webhooks_drivers_objects_and_events()
    {
        var names = TopoLvmNames.Legacy;
        var cluster = ClusterSnapshot.Empty with
        {
            Pods = Of(
                new Pod
                {
                    Metadata = new() { Namespace = "kube-system", Name = "kube-scheduler-master-1", CreationTimestamp = Now.AddMinutes(-10) },
                    Spec = new() { NodeName = "master-1", Containers = [new() { Command = ["/usr/local/bin/kube-scheduler", "--config", "/etc/x.yaml"] }] },
                },
                Marked("before", "Running", -11), Marked("first", "Running", -6), Marked("second", "Running", -5), Marked("waiting", "Pending", -1)),
            Webhooks = Of(new MutatingWebhookConfiguration { Metadata = new() { Name = "topolvm-hook" }, Webhooks = [new() { Name = "pod-hook.topolvm.cybozu.com" }] }),
            CsiDrivers = Of(new CsiDriver { Metadata = new() { Name = names.Provisioner }, Spec = new() { StorageCapacity = true } }),
            StorageClasses = Of(new StorageClass { Metadata = new() { Name = "fast" }, Provisioner = names.Provisioner, Parameters = ImmutableDictionary<string, string>.Empty.Add(names.DeviceClassParameter, "ssd") }),
            StorageCapacities = Of(Capacity("one", "fast", "edge-1", "10Gi"), Capacity("two", "fast", "edge-2", "10Gi"), Capacity("three", "other", "edge-1", "10Gi")),
            Nodes = Of(Node("edge-1", "10737418240"), Node("edge-2", "5")),
            PodWarnings = Of(Said("old", -20, "1 Insufficient topolvm.cybozu.com/capacity"), Said("new", -1, "1 out of VG free space")),
        };

        var facts = SchedulingFacts.Of(cluster, WithExtender.Installation);

        Assert.Equal([new KubeSchedulerPod("kube-scheduler-master-1", "master-1", "/etc/x.yaml", null, Now.AddMinutes(-10))], facts.KubeSchedulers);
        Assert.Equal(["master-1"], facts.Unanswered);
        Assert.True(facts is { MarksPods: true, TracksCapacity: true, Capacities.Length: 2, Outdated: 1, Insufficient: null });
        Assert.Equal("new", facts.ExtenderSpoke?.Metadata.Name);
        Assert.Equal(new PlacedPod(new("shop", "second"), Now.AddMinutes(-5)), facts.Placed);

        static Pod Marked(string name, string phase, int minutes) => new()
        {
            Metadata = new() { Namespace = "shop", Name = name, CreationTimestamp = Now.AddDays(-1) },
            Spec = new() { NodeName = "edge-1", Containers = [new() { Resources = new() { Requests = ImmutableDictionary<string, string>.Empty.Add("topolvm.cybozu.com/capacity", "1") } }] },
            Status = new() { Phase = phase, Conditions = [new() { Type = "PodScheduled", Status = "True", LastTransitionTime = Now.AddMinutes(minutes) }] },
        };

        static CsiStorageCapacity Capacity(string name, string storageClass, string node, string capacity) => new()
        {
            Metadata = new() { Namespace = "topolvm-system", Name = name },
            StorageClassName = storageClass,
            Capacity = capacity,
            NodeTopology = new() { MatchLabels = ImmutableDictionary<string, string>.Empty.Add(TopoLvmNames.Legacy.TopologyLabel, node) },
        };

        static Node Node(string name, string free) => new() { Metadata = new() { Name = name, Annotations = ImmutableDictionary<string, string>.Empty.Add("capacity.topolvm.cybozu.com/ssd", free) } };
    }

    private static SchedulingFacts FactsOf(string name)
    {
        var master = WithExtender.KubeSchedulers[0];
        return name switch
        {
            "extender" => WithExtender,
            "extender by configuration" => WithExtender with { KubeSchedulers = [master with { Policy = null, Configuration = "/etc/config.yaml" }] },
            "flag missing" => WithExtender with { KubeSchedulers = [master with { Policy = null }] },
            "flag missing on one of two" => WithExtender with { KubeSchedulers = [master, new("kube-scheduler-master-2", "master-2", null, null, Now)] },
            "both flags" => WithExtender with { KubeSchedulers = [master with { Configuration = "/etc/config.yaml" }] },
            "policy on a release that dropped it" => WithExtender with { Version = new(1, 23, "v1.23.0") },
            "flag there but pods are refused" => WithExtender with { Insufficient = Said("e", -1, "0/3 nodes are available: 3 Insufficient topolvm.cybozu.com/capacity.") },
            "refused before the extender answered" => WithExtender with { Insufficient = Said("e", -9, "3 Insufficient topolvm.cybozu.com/capacity."), ExtenderSpoke = Said("f", -1, "3 out of VG free space.") },
            "refused before a marked pod was placed" => WithExtender with { Insufficient = Said("e", -9, "3 Insufficient topolvm.cybozu.com/capacity."), Placed = new(new("shop", "app"), Now.AddMinutes(-8)) },
            "refused after a marked pod was placed" => WithExtender with { Insufficient = Said("e", -7, "3 Insufficient topolvm.cybozu.com/capacity."), Placed = new(new("shop", "app"), Now.AddMinutes(-8)) },
            "no pod of kube-scheduler, but a marked pod runs" => WithExtender with { KubeSchedulers = [], Placed = new(new("shop", "app"), Now) },
            "no pod of kube-scheduler" => WithExtender with { KubeSchedulers = [] },
            "no pod of kube-scheduler but its answer" => WithExtender with { KubeSchedulers = [], ExtenderSpoke = Said("f", -1, "3 out of VG free space.") },
            "extender not installed" => WithExtender with { Extender = null },
            "extender not ready" => WithExtender with { Extender = Scheduler with { Ready = 0, Health = ComponentHealth.Progressing } },
            "extender missing on a master" => WithExtender with { Unanswered = ["master-2"] },
            "extender does not answer" => WithExtender with { ExtenderSilent = Said("f", -1, "Post \"http://127.0.0.1:9251/predicate\": connection refused") },
            "webhook and tracking" => WithTracking with { MarksPods = true, Extender = Scheduler },
            "neither" => WithExtender with { MarksPods = false },
            "tracking" => WithTracking,
            "tracking that lags" => WithTracking with { Outdated = 1 },
            "tracking without objects" => WithTracking with { Capacities = [] },
            "tracking that is not served" => WithTracking with { ServesCapacity = false, Version = new(1, 20, "v1.20.6") },
            "tracking that was seen at work" => WithTracking with { CapacitySpoke = Said("f", -1, "3 node(s) did not have enough free storage.") },
            "no driver object" => WithExtender with { TracksCapacity = null },
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    private static Event Said(string name, int minutes, string message) => new()
    {
        Metadata = new() { Namespace = "shop", Name = name },
        InvolvedObject = new("Pod", "shop", "app", null),
        Reason = "FailedScheduling",
        Message = message,
        Type = "Warning",
        LastTimestamp = Now.AddMinutes(minutes),
    };

    private static KindSnapshot<T> Of<T>(params T[] items) where T : IKubeObject =>
        new(items.ToImmutableDictionary(item => item.Metadata.ObjectName), new Freshness(Now, null));
}
