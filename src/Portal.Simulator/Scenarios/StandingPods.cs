using System.Security.Cryptography;
using System.Text;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.Workloads;

namespace Portal.Simulator.Scenarios;

/// <summary>Pods that were running before the scenario begins, exactly as their controllers and kubelets would have left them.</summary>
internal sealed class StandingPods(IReadOnlyList<(NodeScenario Scenario, KubeObject Document)> nodes, DateTimeOffset since)
{
    /// <summary>A pod of a DaemonSet on each node that its template allows.</summary>
    public IEnumerable<KubeObject> OfDaemonSet(KubeObject set)
    {
        var hash = PodTemplate.HashOf(set);
        var spec = DaemonSetController.WithOwnTolerations(set.Json["spec"].At("template", "spec"));
        return nodes.Where(node => NodeFit.WhyNot(spec, node.Document) is null).Select(node => Running(DaemonSetController.PodOn(set, node.Scenario.Name, hash), node.Scenario));
    }

    /// <summary>The ReplicaSet of a Deployment with its pods, each on another of the nodes that it may use.</summary>
    /// <param name="home">The node its volumes tie it to; null where it may go anywhere.</param>
    public IEnumerable<KubeObject> OfDeployment(KubeObject deployment, string? home)
    {
        var replicas = deployment.Json.Number(1, "spec", "replicas");
        var set = DeploymentController.ReplicaSetFor(deployment, PodTemplate.HashOf(deployment), 1, replicas);
        set = WithUid(set);
        yield return set;
        var able = nodes.Where(node => home is null ? node.Scenario.OfflineFor is null && NodeFit.WhyNot(deployment.Json["spec"].At("template", "spec"), node.Document) is null : node.Scenario.Name == home).ToArray();
        for (var slot = 0; slot < Math.Min(replicas, able.Length); slot++)
        {
            var name = PodTemplate.NameFor(set, slot.ToString(System.Globalization.CultureInfo.InvariantCulture));
            yield return Running(PodTemplate.PodFor(LifeKinds.ReplicaSets, set, name), able[slot].Scenario);
        }
    }

    /// <summary>The pod as its kubelet would have reported it; not ready where the node has been cut off since.</summary>
    public KubeObject Running(KubeObject pod, NodeScenario node)
    {
        pod.Json["spec"]!["nodeName"] = node.Name;
        pod = WithUid(pod);
        var run = new PodRun(node.Name, pod.Metadata.ObjectName);
        foreach (var container in pod.Json.Objects("spec", "containers"))
            run.Containers[container.Text("name")] = new ContainerRun { RunningSince = since, Ready = true };
        var status = PodStatus.Running(pod, run, since);
        PodStatus.PutAddresses(status, node, pod);
        if (node.OfflineFor is not null) status["conditions"] = PodStatus.WithCondition(status, "Ready", false, null, null, since);
        pod.Json["status"] = status;
        return pod;
    }

    private static KubeObject WithUid(KubeObject document)
    {
        document.Json["metadata"]!["uid"] = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{document.Kind} {document.Namespace}/{document.Name}")).AsSpan(0, 16)).ToString();
        // A fresh one: the metadata of the old has been read already.
        return new KubeObject(document.Json);
    }
}
