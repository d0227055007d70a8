using System.Collections.Immutable;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>Has a node's agent carry out what a person confirmed, and waits until the node's own reports show it.</summary>
public sealed class NodeCommandOperation(NodeCommandSpec spec) : Operation
{
    public const string KindName = "node-command";

    public override string Kind => KindName;

    public override Message Title => spec.Command switch
    {
        CreateVolumeGroup create => NodeOperationTexts.CreateTitle(create.Name, spec.Node),
        ExtendVolumeGroup extend => NodeOperationTexts.ExtendTitle(extend.Name, spec.Node),
        RemovePhysicalVolume remove => NodeOperationTexts.RemoveDiskTitle(remove.Device, remove.VolumeGroup, spec.Node),
        ResizePhysicalVolume resize => NodeOperationTexts.ResizeTitle(resize.Device, spec.Node),
        RemoveVolumeGroup remove => NodeOperationTexts.RemoveGroupTitle(remove.Name, spec.Node),
        ForgetMissingDisks forget => NodeOperationTexts.ForgetTitle(forget.VolumeGroup, spec.Node),
        RestoreMissingDisk restore => NodeOperationTexts.RestoreTitle(restore.Device, restore.VolumeGroup, spec.Node),
        ActivateVolumeGroup activate => NodeOperationTexts.ActivateTitle(activate.Name, spec.Node),
        CreateLoopDevice create => NodeOperationTexts.CreateLoopTitle(create.FileName, spec.Node),
        GrowLoopDevice grow => NodeOperationTexts.GrowLoopTitle(grow.FilePath, spec.Node),
        AttachLoopDevice attach => NodeOperationTexts.AttachLoopTitle(attach.FilePath, spec.Node),
        RemoveLoopDevice remove => NodeOperationTexts.RemoveLoopTitle(remove.FilePath, spec.Node),
        WriteSchedulerFile write => NodeOperationTexts.SchedulerTitle(write.Path, spec.Node),
        _ => NodeOperationTexts.OtherTitle(spec.Node),
    };

    public override ImmutableArray<string> Subjects => ["nodes/" + spec.Node];

    /// <summary>How long a node may be out of reach before the operation gives up: edge sites are cut off for hours.</summary>
    public TimeSpan ReachableWithin { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the node's reports and TopoLVM's pods may take to show what was done.</summary>
    public TimeSpan ShownWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static NodeCommandOperation FromJson(string json) => new(NodeCommandSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var run = new NodeCommandRun(spec, ReachableWithin, ShownWithin);
        var steps = new List<OperationStep>
        {
            new("check", NodeOperationTexts.StepCheck, run.CheckAsync),
            new("execute", NodeOperationTexts.StepExecute, run.ExecuteAsync),
            new("inventory", NodeOperationTexts.StepInventory, run.InventoryAsync),
        };
        if (run.ChangesRoom(context)) steps.Add(new("capacity", NodeOperationTexts.StepCapacity, run.CapacityAsync));
        return Task.FromResult(steps.ToImmutableArray());
    }
}
