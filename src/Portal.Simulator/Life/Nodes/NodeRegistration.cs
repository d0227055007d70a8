using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Writes the Node, its status and its CSINode, as a kubelet does at its start and when a CSI driver registers.</summary>
internal sealed class NodeRegistration(LifeContext context, WriteOptions writes)
{
    private readonly HashSet<string> _registered = [];

    public async Task ReconcileAsync(SimulatedNode node, CancellationToken cancel)
    {
        var found = context.Objects.Nodes.GetValueOrDefault(new(null, node.Name));
        var online = node.State.Current.IsOnline;
        if (_registered.Add(node.Name))
        {
            if (found is null) await CreateAsync(node, online, cancel);
            return;
        }
        if (found is null || found.Metadata.IsBeingDeleted || !online) return;
        if (found.Json.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status") != "True")
            await WriteStatusAsync(node, true, cancel);
        await RegisterDriversAsync(node, found, cancel);
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

    private async Task RegisterDriversAsync(SimulatedNode node, KubeObject found, CancellationToken cancel)
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
            return;
        }
        var registered = csiNode.Json.Objects("spec", "drivers").Count();
        if (registered == drivers.Count && wanted.IsContainedIn(csiNode.Json["spec"])) return;
        await context.Client.PatchAsync(LifeKinds.CsiNodes, new(null, node.Name), Patch.Merge(new JsonObject { ["spec"] = wanted }.ToJsonString()), writes, cancel);
    }
}
