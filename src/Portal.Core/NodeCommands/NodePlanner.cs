using Portal.Core.Disks;

namespace Portal.Core.NodeCommands;

// Pure: the same command on the same inventory gives the same plan, wherever it is made. The agent makes it, shows it through the portal to a
// person, and makes it again before it acts. What is done already is left out, so that a command that was cut off goes on where it stopped.

/// <summary>Turns what a person wants into the programs that do it, or into the reasons why it is not done.</summary>
public static class NodePlanner
{
    public static NodePlan Plan(NodeCommand command, NodeInventory inventory, NodeLimits limits)
    {
        var draft = new PlanDraft(command, inventory, limits);
        switch (command)
        {
            case CreateVolumeGroup create: VolumeGroupPlans.Create(draft, create); break;
            case ExtendVolumeGroup extend: VolumeGroupPlans.Extend(draft, extend); break;
            case RemoveVolumeGroup remove: VolumeGroupPlans.Remove(draft, remove); break;
            case RenameVolumeGroup rename: VolumeGroupPlans.Rename(draft, rename); break;
            case ActivateVolumeGroup activate: VolumeGroupPlans.Activate(draft, activate); break;
            case RemovePhysicalVolume remove: PhysicalVolumePlans.Remove(draft, remove); break;
            case ResizePhysicalVolume resize: PhysicalVolumePlans.Resize(draft, resize); break;
            case ForgetMissingDisks forget: MissingDiskPlans.Forget(draft, forget); break;
            case RestoreMissingDisk restore: MissingDiskPlans.Restore(draft, restore); break;
            case CreateLoopDevice create: LoopDevicePlans.Create(draft, create); break;
            case GrowLoopDevice grow: LoopDevicePlans.Grow(draft, grow); break;
            case AttachLoopDevice attach: LoopDevicePlans.Attach(draft, attach); break;
            case RemoveLoopDevice remove: LoopDevicePlans.Remove(draft, remove); break;
            case WriteSchedulerFile write: SchedulerFilePlans.Write(draft, write); break;
            default: throw new ArgumentOutOfRangeException(nameof(command), command, null);
        }
        return draft.ToPlan();
    }
}
