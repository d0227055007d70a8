using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What topolvm-node does with the API: it publishes capacity on its Node and carries out LogicalVolumes.</summary>
public sealed class NodePluginController(LifeContext context) : Controller("topolvm-node", context)
{
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(10);

    private readonly Dictionary<TopoLvmNames, ObjectIndex<string>> _unfinished = TopoLvmNames.All.ToDictionary(names => names,
        names => new ObjectIndex<string>(volume => IsFinished(names, volume) ? [] : [volume.Json.Text("spec", "nodeName")]));

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var names in TopoLvmNames.All)
        {
            var volumes = _unfinished[names].Of(Objects.LogicalVolumes(names.Group));
            foreach (var node in Context.Nodes)
            {
                if (node.State.Current is not { IsOnline: true, Lvmd: { } lvmd } state || !state.NodePlugins.ContainsKey(names.Group)) continue;
                if (Delays.IsOver($"look {lvmd.PodUid} {lvmd.Looks}", LookAgainEvery)) LookAgain(node);
                // A Node that is going has its LogicalVolumes taken away by the controller; what is on the disks stays.
                if (Objects.Nodes.GetValueOrDefault(new(null, node.Name)) is not { Metadata.IsBeingDeleted: false }) continue;
                foreach (var volume in volumes.TryGetValue(node.Name, out var own) ? own : [])
                    await AttemptAsync((volume.Metadata.IsBeingDeleted ? "removal " : "volume ") + volume.Metadata.Uid, () => CarryOutAsync(names, node, volume, cancel));
                await AttemptAsync("annotate " + node.Name, () => PublishAsync(names, node, cancel));
            }
        }
    }

    /// <summary>Whether the volume is as it should be: nothing is to be done until it changes.</summary>
    private static bool IsFinished(TopoLvmNames names, KubeObject volume) => !volume.Metadata.IsBeingDeleted && volume.Metadata.Finalizers.Contains(names.LogicalVolumeFinalizer)
        && volume.Json.Text("status", "volumeID").Length > 0 && Sizes.BytesOf(volume.Json.Text("status", "currentSize")) >= Sizes.BytesOf(volume.Json.Text("spec", "size"));

    private static void LookAgain(SimulatedNode node) => node.Change(state => state with { Lvmd = state.Lvmd?.LookAt(state.Storage) });

    private async Task PublishAsync(TopoLvmNames names, SimulatedNode node, CancellationToken cancel)
    {
        if (node.State.Current.Lvmd is not { } lvmd || Objects.Nodes.GetValueOrDefault(new(null, node.Name)) is not { } found || found.Metadata.IsBeingDeleted) return;
        var annotations = new JsonObject();
        foreach (var (name, free) in lvmd.Free)
        {
            var key = names.CapacityAnnotationPrefix + (name.Length == 0 ? TopoLvmNames.DefaultClass : name);
            var value = free.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (found.Metadata.Annotations.GetValueOrDefault(key) != value) annotations[key] = value;
        }
        var metadata = new JsonObject();
        if (annotations.Count > 0) metadata["annotations"] = annotations;
        if (!found.Metadata.Finalizers.Contains(names.NodeFinalizer))
        {
            metadata["finalizers"] = new JsonArray([.. found.Metadata.Finalizers.Add(names.NodeFinalizer)]);
            metadata["resourceVersion"] = found.Metadata.ResourceVersion;
        }
        if (metadata.Count == 0) return;
        await Client.PatchAsync(LifeKinds.Nodes, found.Metadata.ObjectName, Patch.Merge(new JsonObject { ["metadata"] = metadata }.ToJsonString()), Writes, cancel);
    }

    private async Task CarryOutAsync(TopoLvmNames names, SimulatedNode node, KubeObject volume, CancellationToken cancel)
    {
        var held = volume.Metadata.Finalizers.Contains(names.LogicalVolumeFinalizer);
        if (volume.Metadata.IsBeingDeleted)
        {
            if (held && Delays.IsOver("remove " + volume.Metadata.Uid, Context.Pace.Storage)) await RemoveAsync(names, node, volume, cancel);
            return;
        }
        if (!held)
        {
            await HoldAsync(names, volume, cancel);
            return;
        }
        var asked = Sizes.BytesOf(volume.Json.Text("spec", "size"));
        var exists = volume.Json.Text("status", "volumeID").Length > 0;
        if (exists && Sizes.BytesOf(volume.Json.Text("status", "currentSize")) >= asked) return;
        // The controller takes a volume that could not be made away.
        if (!exists && volume.Json.Number(0, "status", "code") != 0) return;
        if (Delays.IsOver($"size {volume.Metadata.Uid} {asked}", Context.Pace.Storage)) await ResizeAsync(names, node, volume, asked, cancel);
    }

    private async Task HoldAsync(TopoLvmNames names, KubeObject volume, CancellationToken cancel)
    {
        var metadata = new JsonObject
        {
            ["resourceVersion"] = volume.Metadata.ResourceVersion,
            ["finalizers"] = new JsonArray([.. volume.Metadata.Finalizers.Add(names.LogicalVolumeFinalizer)]),
            ["labels"] = new JsonObject { ["app.kubernetes.io/created-by"] = "topolvm-controller" },
        };
        await PatchVolumeAsync(names, volume, "metadata", metadata, null, cancel);
    }

    /// <summary>Makes the logical volume or grows it: one of that name that is there already is taken over.</summary>
    private async Task ResizeAsync(TopoLvmNames names, SimulatedNode node, KubeObject volume, long bytes, CancellationToken cancel)
    {
        var lvmd = node.State.Current.Lvmd!;
        if (LogicalVolumeWork.Carry(node, lvmd, volume, SourceOf(names, volume), bytes) is { } problem)
        {
            // What lvm said stands in lvmd's log only.
            node.Logs.Write(lvmd.PodUid, "lvmd", "error: " + problem.Message);
            // It tries again and again, but not at once.
            Retries.Failed("volume " + volume.Metadata.Uid);
            await FailAsync(names, volume, problem.Code, problem.Message, cancel);
            return;
        }
        LookAgain(node);
        // TopoLVM leaves out what is zero or empty; null takes an earlier failure away.
        var status = new JsonObject { ["volumeID"] = volume.Metadata.Uid, ["currentSize"] = volume.Json["spec"].At("size")?.DeepClone(), ["code"] = null, ["message"] = null };
        await PatchVolumeAsync(names, volume, "status", status, "status", cancel);
    }

    /// <summary>The name in lvm of what a snapshot or clone is made from; null for a volume of its own.</summary>
    private string? SourceOf(TopoLvmNames names, KubeObject volume) => volume.Json.Text("spec", "source") is { Length: > 0 } source
        ? Objects.LogicalVolumes(names.Group).GetValueOrDefault(new(null, source))?.Json.Text("status", "volumeID") ?? source : null;

    private async Task FailAsync(TopoLvmNames names, KubeObject volume, int code, string message, CancellationToken cancel)
    {
        if (volume.Json.Text("status", "message") == message) return;
        await PatchVolumeAsync(names, volume, "status", new JsonObject { ["code"] = code, ["message"] = message }, "status", cancel);
    }

    private async Task RemoveAsync(TopoLvmNames names, SimulatedNode node, KubeObject volume, CancellationToken cancel)
    {
        node.Change(state => state with { Storage = state.Storage.WithoutVolume(volume.Metadata.Uid) });
        LookAgain(node);
        var finalizers = volume.Metadata.Finalizers.Remove(names.LogicalVolumeFinalizer);
        var metadata = new JsonObject { ["resourceVersion"] = volume.Metadata.ResourceVersion, ["finalizers"] = new JsonArray([.. finalizers]) };
        await PatchVolumeAsync(names, volume, "metadata", metadata, null, cancel);
    }

    private Task<KubeObject> PatchVolumeAsync(TopoLvmNames names, KubeObject volume, string field, JsonObject change, string? subresource, CancellationToken cancel) =>
        Client.PatchAsync(LifeKinds.LogicalVolumes(names.Group), volume.Metadata.ObjectName,
            Patch.Merge(new JsonObject { [field] = change }.ToJsonString()), Writes, cancel, subresource);
}
