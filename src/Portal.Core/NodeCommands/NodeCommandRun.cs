using Portal.Core.Agents;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Nodes;
using System.Globalization;

namespace Portal.Core.NodeCommands;

// The agent is the judge: it knows whether it has done the operation before, and plans again before it begins. So a link that breaks, or a portal
// that is killed, only means to send the same request again.

/// <summary>The steps of a command on a node.</summary>
internal sealed class NodeCommandRun(NodeCommandSpec spec, TimeSpan reachableWithin, TimeSpan shownWithin)
{
    /// <summary>What TopoLVM can give out on the node is another amount afterwards. A volume group that no device class names does not matter to it.</summary>
    public bool ChangesRoom(OperationContext context) => spec.Command is CreateVolumeGroup or ExtendVolumeGroup or RemovePhysicalVolume or ResizePhysicalVolume
        or GrowLoopDevice or ForgetMissingDisks or RestoreMissingDisk && IsHandedOut(context);

    /// <summary>Writes down what will be run, when the node is still as the person saw it. When it is not, the command may have been begun by an earlier
    /// try: the agent tells.</summary>
    public async Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        if (Agents(step).Live.Current.Commands.ContainsKey(spec.OperationId)) return;
        var plan = await ReachedAsync(step, agents => agents.PlanAsync(spec.Node, spec.Command, cancel), cancel);
        if (plan.Fingerprint != spec.Fingerprint)
        {
            step.Conclude(NodeOperationTexts.IsOther(spec.Node));
            return;
        }
        if (plan.IsRefused) throw new OperationFailedException(Sentences.Join([.. plan.Refusals]));
        foreach (var planned in plan.Steps) await step.NoteAsync($"{spec.Node}: {planned.CommandLine}", cancel);
    }

    public async Task ExecuteAsync(StepRun step, CancellationToken cancel)
    {
        var request = new CommandRequest(spec.OperationId, spec.Command, spec.Fingerprint);
        await step.NoteAsync($"{spec.Node}: execute {spec.OperationId}", cancel);
        var report = await ReachedAsync(step, agents => agents.ExecuteAsync(spec.Node, request, cancel), cancel);
        if (report.State == CommandState.Running) report = await EndedAsync(step, request, cancel);
        foreach (var output in report.Steps) await step.NoteAsync(Told(output), cancel);
        Agents(step).Forget(spec.OperationId);
        switch (report.State)
        {
            case CommandState.Done: return;
            case CommandState.RolledBack: throw new OperationFailedException(NodeOperationTexts.RolledBack(spec.Node, report.Problem ?? NodeOperationTexts.NoReason));
            default: throw new OperationFailedException(report.Problem ?? NodeOperationTexts.NoReason);
        }
    }

    /// <summary>Until the agent's own report leaves nothing to do of the command.</summary>
    public async Task InventoryAsync(StepRun step, CancellationToken cancel)
    {
        await ReachedAsync(step, async agents =>
        {
            await agents.RefreshAsync(spec.Node, cancel);
            return true;
        }, cancel);
        await step.WaitUntilAsync(Agents(step).Live, agents => IsShown(agents.Find(spec.Node)) ? null : NodeOperationTexts.WaitInventory(spec.Node), shownWithin, cancel);
    }

    // lvmd looks at its volume groups every ten minutes; topolvm-node publishes what it hears from lvmd at its own start
    // (topolvm v0.10.0, runners/node_metrics.go).
    public async Task CapacityAsync(StepRun step, CancellationToken cancel)
    {
        if (Part(step.Context.Cluster.Current) is not { State: NodePartState.Ready, Pod: { } before })
        {
            step.Conclude(NodeOperationTexts.NotServed(spec.Node));
            return;
        }
        await step.Cluster.DeleteAsync(Pod.Kind, before.Metadata.ObjectName, new() { Uid = before.Metadata.Uid }, cancel);
        await step.WaitUntilAsync(cluster => Part(cluster) is { State: NodePartState.Ready, Pod: { } pod } && pod.Metadata.Uid != before.Metadata.Uid
            ? null : NodeOperationTexts.WaitCapacity(spec.Node), shownWithin, cancel);
    }

    // Where it cannot be told, topolvm-node is started anew for nothing: that costs little, and stale room much.
    private bool IsHandedOut(OperationContext context)
    {
        if (StorageState.From(context.Cluster.Current, spec.Label, NodeMetrics.Empty).FindNode(spec.Node)?.Configuration is not { Yaml: not null } configuration) return true;
        var inventory = context.Agents.Live.Current.Find(spec.Node)?.Inventory;
        string? group = spec.Command switch
        {
            CreateVolumeGroup create => create.Name,
            ExtendVolumeGroup extend => extend.Name,
            RemovePhysicalVolume remove => remove.VolumeGroup,
            ForgetMissingDisks forget => forget.VolumeGroup,
            RestoreMissingDisk restore => restore.VolumeGroup,
            ResizePhysicalVolume resize => GroupOn(resize.Device),
            GrowLoopDevice grow => inventory?.LoopDevices.FirstOrDefault(loop => loop.FilePath == grow.FilePath)?.Path is { } path ? GroupOn(path) ?? "" : null,
            _ => null,
        };
        return group is null || configuration.Config.DeviceClasses.Any(one => one.VolumeGroup == group);

        string? GroupOn(string device) => inventory?.FindDevice(device) is { } disk ? inventory.FindPhysicalVolume(disk)?.VolumeGroup : null;
    }

    private static AgentRegistry Agents(StepRun step) => step.Context.Agents;

    private bool IsShown(NodeAgent? agent) => agent?.Inventory is { } inventory && (spec.Command is CreateLoopDevice create
        ? inventory.LoopDevices.Any(loop => loop.Path is not null && loop.FilePath.EndsWith("/" + create.FileName, StringComparison.Ordinal))
        : NodePlanner.Plan(spec.Command, inventory, inventory.Limits).Steps.IsEmpty);

    // The link breaks and comes back; what is asked may be asked again.
    private async Task<T> ReachedAsync<T>(StepRun step, Func<AgentRegistry, Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await ask(Agents(step));
            }
            catch (AgentUnreachableException unreachable)
            {
                if (Agents(step).Live.Current.Find(spec.Node) is null) throw;
                await step.WaitUntilAsync(Agents(step).Live, agents => agents.Find(spec.Node) is { IsConnected: true } ? null : unreachable.Problem, reachableWithin, cancel);
            }
        }
    }

    private async Task<CommandReport> EndedAsync(StepRun step, CommandRequest request, CancellationToken cancel)
    {
        await step.WaitUntilAsync(Agents(step).Live, agents => WhatRuns(agents, request.OperationId), reachableWithin, cancel);
        return Agents(step).Live.Current.Commands[request.OperationId];
    }

    private Message? WhatRuns(AgentsSnapshot agents, string operationId)
    {
        if (!agents.Commands.TryGetValue(operationId, out var report)) return NodeOperationTexts.IsRunning(spec.Node);
        if (report.State != CommandState.Running) return null;
        if (agents.Find(spec.Node) is not { IsConnected: true }) return NodeOperationTexts.GoesOnOffline(spec.Node);
        if (report.Steps.IsDefaultOrEmpty) return NodeOperationTexts.IsRunning(spec.Node);
        return report.Percent is { } percent
            ? NodeOperationTexts.RunsWithPercent(report.Steps[^1].CommandLine, percent.ToString("0.#", CultureInfo.InvariantCulture))
            : NodeOperationTexts.Runs(report.Steps[^1].CommandLine);
    }

    private NodePart? Part(Cluster.ClusterSnapshot cluster)
    {
        var node = StorageState.From(cluster, spec.Label, NodeMetrics.Empty).FindNode(spec.Node);
        return node is { IsReady: true } ? node.Plugin : null;
    }

    private string Told(StepOutput output) =>
        $"{spec.Node}: {output.CommandLine} → {output.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "?"} {output.Output.Trim()}".TrimEnd();
}
