using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Simulator;
using Portal.Tests.Simulator.Life;

namespace Portal.Tests.Core.TopoLvm.Diagnosis.Live;

/// <summary>A fault is put into a running cluster, and the diagnosis from a snapshot of it must name that fault first.</summary>
public abstract class InjectedCauseTest : LifeTest
{
    protected const string Home = "topolvm-system";

    protected override Scenario Scenario => Scenario.Storage;

    protected static Subject App => new(SubjectKind.Pod, new("default", "app"));

    protected static Subject Data => new(SubjectKind.Claim, new("default", "data"));

    /// <summary>Waits until the cluster's volumes are served.</summary>
    protected Task ReadyAsync() => Eventually(async () =>
    {
        Assert.NotEqual(0, (await Client.GetAsync(Deployment.Kind, new(Home, "topolvm-controller"), Cancel)).Status.AvailableReplicas);
        Assert.All(Cluster.Nodes.Where(node => node.Name is "edge-hangzhou-1" or "edge-hangzhou-2" or "worker-1" or "worker-2"), node => Assert.NotEmpty(node.State.Current.NodePlugins));
    });

    /// <summary>Waits until the cluster, read as the portal reads it, gives the cause as the first; a failure tells what it gave last.</summary>
    private protected async Task<Finding> FirstCauseAsync<TCause>(Subject subject) where TCause : ICause
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watch = new ClusterWatch(Client, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        var running = watch.RunAsync(stop.Token);
        Verdict? verdict = null;
        await Eventually(() =>
        {
            verdict = Verdict.Of(subject, DiagnosisCases.Around(watch.Live.Current));
            Assert.Equal(typeof(TCause).Name, verdict.First is { } first ? first.Cause : "nothing about " + subject);
            Assert.NotEmpty(verdict.First!.Evidence);
            return Task.CompletedTask;
        });
        await stop.CancelAsync();
        await running;
        return verdict!.First!;
    }

    protected Task CreateClaimOfAsync(string name, string size, string storageClass) => CreateAsync(PersistentVolumeClaim.Kind, $$"""
        {
          "metadata": { "name": "{{name}}" },
          "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": "{{storageClass}}", "resources": { "requests": { "storage": "{{size}}" } } }
        }
        """);

    protected Task CreateStorageClassAsync(string name, string provisioner, string more = "") => CreateAsync(StorageClass.Kind, $$"""
        { "metadata": { "name": "{{name}}" }, "provisioner": "{{provisioner}}", "volumeBindingMode": "WaitForFirstConsumer", "reclaimPolicy": "Delete", "allowVolumeExpansion": true{{more}} }
        """);

    /// <summary>A workload whose pod mounts the claim "data".</summary>
    protected Task CreateWorkloadAsync() => CreateAsync(Deployment.Kind, """
        {
          "metadata": { "name": "app" },
          "spec": {
            "replicas": 1, "selector": { "matchLabels": { "app": "app" } },
            "template": {
              "metadata": { "labels": { "app": "app" } },
              "spec": { "containers": [ { "name": "app", "image": "nginx:1.21" } ], "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "data" } } ] }
            }
          }
        }
        """);

    /// <param name="spec">Further fields of the pod's spec, each followed by a comma.</param>
    protected Task CreatePodOfAsync(string claim, string spec) => CreateAsync(Pod.Kind, $$"""
        {
          "metadata": { "name": "app" },
          "spec": { {{spec}} "containers": [ { "name": "app", "image": "nginx:1.21" } ], "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "{{claim}}" } } ] }
        }
        """);

    protected static string OnNode(string node) => $$"""
        "nodeSelector": { "kubernetes.io/hostname": "{{node}}" },
        """;

    protected Task GrowAsync(ObjectName claim, string size) =>
        PatchAsync(PersistentVolumeClaim.Kind, claim, $$"""{ "spec": { "resources": { "requests": { "storage": "{{size}}" } } } }""");
}
