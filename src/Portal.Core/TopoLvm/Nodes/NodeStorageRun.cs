using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;

namespace Portal.Core.TopoLvm.Nodes;

// A node that is offline gets its label all the same: its kubelet acts on it when the node is back. Nothing waits for it.

/// <summary>The steps by which nodes are enabled or disabled for storage. Each looks at the cluster first and does nothing where nothing is left to do.</summary>
internal sealed class NodeStorageRun(NodeStorageSpec spec, TimeSpan readyWithin)
{
    public Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        var storage = StorageState.From(step.Context.Cluster.Current, spec.Label, NodeMetrics.Empty);
        var problems = spec.Nodes.Select(name => storage.FindNode(name) is { } node ? WhyNot(node, storage) : NodeTexts.IsGone(name)).OfType<Message>().Take(3).ToArray();
        if (problems.Length > 0) throw new OperationFailedException(Sentences.Join(problems));
        return Task.CompletedTask;
    }

    public async Task LabelAsync(StepRun step, CancellationToken cancel)
    {
        foreach (var (index, name) in spec.Nodes.Index())
        {
            step.Report(NodeTexts.ReportLabelling(name, index + 1, spec.Nodes.Length));
            var node = await step.Context.Client.FindAsync(Node.Kind, new(null, name), cancel) ?? throw new OperationFailedException(NodeTexts.IsGone(name));
            try
            {
                await ConditionalPatch.ApplyAsync(step, Node.Kind, node, found => spec.IsEnabled ? LabelPatch.Setting(found, spec.Label) : LabelPatch.Removing(found, spec.Label), cancel);
            }
            catch (KubeException refusal)
            {
                throw new OperationFailedException(NodeTexts.LabelRefused(name, KubeProblem.Explain(refusal)));
            }
        }
    }

    public Task LvmdAsync(StepRun step, CancellationToken cancel) => PartAsync(step, "lvmd", NodeTexts.WaitLvmd, cancel);

    public Task PluginAsync(StepRun step, CancellationToken cancel) => PartAsync(step, "topolvm-node", NodeTexts.WaitPlugin, cancel);

    public async Task CapacityAsync(StepRun step, CancellationToken cancel)
    {
        if (Installation.Find(step.Context.Cluster.Current) is not { } installation) return;
        await step.WaitUntilAsync(cluster => Reachable(cluster).FirstOrDefault(node => !HasCapacity(node, installation.Names)) is { } missing
            ? NodeTexts.WaitCapacity(missing.Metadata.Name) : null, readyWithin, cancel);
        if (Offline(step.Context.Cluster.Current) is { Length: > 0 } offline) step.Conclude(NodeTexts.ReportOffline(string.Join(", ", offline)));
    }

    public Task PodsGoAsync(StepRun step, CancellationToken cancel) => step.WaitUntilAsync(cluster =>
    {
        var reachable = Reachable(cluster).Select(node => node.Metadata.Name).ToHashSet();
        return cluster.Pods.Items.Values.FirstOrDefault(pod => pod.Spec.NodeName is { } node && reachable.Contains(node) && IsNodePart(pod)) is { } left
            ? NodeTexts.WaitPodGoes(left.Metadata.Name, left.Spec.NodeName!) : null;
    }, readyWithin, cancel);

    /// <summary>Takes off what topolvm-node leaves on the Node object, because schedulers would go on counting on it.</summary>
    public async Task MarksAsync(StepRun step, CancellationToken cancel)
    {
        // A claim may have chosen the node between the check and the end of its pods.
        var storage = StorageState.From(step.Context.Cluster.Current, spec.Label, NodeMetrics.Empty);
        var late = spec.Nodes.Select(storage.FindNode).OfType<StorageNode>().FirstOrDefault(node => node.LogicalVolumes > 0 || !node.OnTheWay.IsEmpty);
        if (late is not null) throw new OperationFailedException(NodeTexts.ClaimCameMeanwhile(late.Name));
        if (storage.Installation is not { } installation) return;
        foreach (var node in Present(step.Context.Cluster.Current))
            await ConditionalPatch.ApplyAsync(step, Node.Kind, node, found => MarkRemoval.OfNode(found, installation.Names, null), cancel);
        if (Offline(step.Context.Cluster.Current) is { Length: > 0 } offline) step.Conclude(NodeTexts.ReportOfflineStays(string.Join(", ", offline)));
    }

    private Message? WhyNot(StorageNode node, StorageState storage)
    {
        // A label that is already as asked is no reason: the operation goes on where it was cut off.
        if (!spec.IsEnabled) return node.IsEnabled ? NodeGates.WhyNotDisable(node) : null;
        if (node.IsBeingDeleted) return NodeTexts.IsBeingDeleted(node.Name);
        return storage.Installation is not null && !storage.LvmdGroups.IsEmpty && node.Configuration is null ? NodeTexts.NoConfiguration(node.Name, spec.Label) : null;
    }

    private async Task PartAsync(StepRun step, string container, Func<object?, object?, Message> wait, CancellationToken cancel)
    {
        if (Installation.Find(step.Context.Cluster.Current) is null)
        {
            step.Conclude(NodeTexts.ReportNotInstalled);
            return;
        }
        await step.WaitUntilAsync(cluster =>
        {
            var pods = cluster.Pods.Items.Values.Where(pod => pod.Spec.NodeName is not null && IsNodePart(pod)).ToLookup(pod => pod.Spec.NodeName!);
            foreach (var node in Reachable(cluster))
            {
                var part = NodePart.Of([.. pods[node.Metadata.Name]], container, isNodeReady: true);
                if (part.State != NodePartState.Ready) return wait(node.Metadata.Name, Describe(part));
            }
            return null;
        }, readyWithin, cancel);
        if (Offline(step.Context.Cluster.Current) is { Length: > 0 } offline) step.Conclude(NodeTexts.ReportOffline(string.Join(", ", offline)));
    }

    private static Message Describe(NodePart part) => part switch
    {
        { State: NodePartState.Absent } => NodeTexts.PodNotThere,
        { LastWords: { } words } => NodeTexts.PodEnds(part.Pod!.Metadata.Name, words),
        { Trouble: { } trouble } => trouble,
        _ => NodeTexts.PodStarts(part.Pod!.Metadata.Name),
    };

    private IEnumerable<Node> Present(ClusterSnapshot cluster) => spec.Nodes.Select(name => cluster.Nodes.Items.GetValueOrDefault(new(null, name))).OfType<Node>();

    private IEnumerable<Node> Reachable(ClusterSnapshot cluster) => Present(cluster).Where(node => node.IsReady);

    private string[] Offline(ClusterSnapshot cluster) => [.. Present(cluster).Where(node => !node.IsReady).Select(node => node.Metadata.Name)];

    private static bool HasCapacity(Node node, TopoLvmNames names) => node.Metadata.Annotations.Keys.Any(key => key.StartsWith(names.CapacityAnnotationPrefix, StringComparison.Ordinal));

    private static bool IsNodePart(Pod pod) => pod.Spec.Containers.Any(container => container.Name is "lvmd" or "topolvm-node");
}
