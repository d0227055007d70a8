using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Writes the Node, its status and its CSINode, as a kubelet does at its start and when a CSI driver registers.</summary>
internal sealed class NodeRegistration(LifeContext context, WriteOptions writes)
{
    private readonly HashSet<string> _registered = [];

    // What each node was when there was nothing to write for it.
    private readonly Dictionary<string, (KubeObject? Node, KubeObject? CsiNode, NodeState State)> _settled = [];

    /// <summary>Whether nothing has changed since there was nothing to write.</summary>
    public bool IsSettled(SimulatedNode node) => _settled.TryGetValue(node.Name, out var before) && before == Current(node);

    public async Task ReconcileAsync(SimulatedNode node, CancellationToken cancel)
    {
        var before = Current(node);
        _settled.Remove(node.Name);
        if (!await WriteAsync(node, cancel)) _settled[node.Name] = before;
    }

    private (KubeObject? Node, KubeObject? CsiNode, NodeState State) Current(SimulatedNode node)
    {
        var name = new ObjectName(null, node.Name);
        return (context.Objects.Nodes.GetValueOrDefault(name), context.Objects.CsiNodes.GetValueOrDefault(name), node.State.Current);
    }

    /// <summary>False when there was nothing to write.</summary>
    private async Task<bool> WriteAsync(SimulatedNode node, CancellationToken cancel)
    {
        var found = context.Objects.Nodes.GetValueOrDefault(new(null, node.Name));
        var online = node.State.Current.IsOnline;
        if (_registered.Add(node.Name))
        {
            if (found is null) await CreateAsync(node, online, cancel);
            return true;
        }
        if (found is null || found.Metadata.IsBeingDeleted || !online) return false;
        var isReady = found.Json.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status") == "True";
        if (!isReady) await WriteStatusAsync(node, true, cancel);
        return await RegisterDriversAsync(node, found, cancel) || !isReady;
    }

    private async Task CreateAsync(SimulatedNode node, bool online, CancellationToken cancel)
    {
        await context.Client.CreateAsync(LifeKinds.Nodes, NodeDocuments.Node(node.Scenario), writes, cancel);
        await WriteStatusAsync(node, online, cancel);
    }

    private async Task WriteStatusAsync(SimulatedNode node, bool online, CancellationToken cancel)
    {
        var version = (await context.Client.DiscoverAsync(cancel)).Version.GitVersion;
        var status = NodeDocuments.Status(node.Scenario, version, online, context.Time.GetUtcNow());
        await context.Client.PatchAsync(LifeKinds.Nodes, new(null, node.Name), Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), writes, cancel, "status");
    }

    private async Task<bool> RegisterDriversAsync(SimulatedNode node, KubeObject found, CancellationToken cancel)
    {
        var drivers = node.State.Current.CsiDrivers;
        var labels = new JsonObject();
        foreach (var key in drivers.Values.Where(key => found.Metadata.Labels.GetValueOrDefault(key) != node.Name)) labels[key] = node.Name;
        if (labels.Count > 0)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
            await context.Client.PatchAsync(LifeKinds.Nodes, new(null, node.Name), Patch.Merge(patch.ToJsonString()), writes, cancel);
        }
        var wanted = NodeDocuments.Drivers(node.Name, drivers);
        var csiNode = context.Objects.CsiNodes.GetValueOrDefault(new(null, node.Name));
        if (csiNode is null)
        {
            await context.Client.CreateAsync(LifeKinds.CsiNodes, NodeDocuments.CsiNode(node.Name, found.Metadata.Uid, wanted), writes, cancel);
            return true;
        }
        var registered = csiNode.Json.Objects("spec", "drivers").Count();
        if (registered == drivers.Count && wanted.IsContainedIn(csiNode.Json["spec"])) return labels.Count > 0;
        await context.Client.PatchAsync(LifeKinds.CsiNodes, new(null, node.Name), Patch.Merge(new JsonObject { ["spec"] = wanted }.ToJsonString()), writes, cancel);
        return true;
    }
}
