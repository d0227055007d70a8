using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Agent.Commands;

/// <summary>Whether a command that was cut off goes on, and with what: the plan for the node as it is now leaves out what has been done.</summary>
internal static class Remainder
{
    /// <summary>What is left to do on the node as it is now.</summary>
    /// <param name="anew">The command's plan for that node.</param>
    public static NodePlan Of(CommandRecord cut, NodePlan anew, NodeInventory node)
    {
        // A group that is gone does not say which disks it had; the record does.
        if (cut is not { Request.Command: RemoveVolumeGroup remove, Begun: > 0, Steps: [.., { Words: ["pvremove", .. var disks] } forget] }) return anew;
        if (node.FindVolumeGroup(remove.Name) is not null || !node.Problems.IsEmpty) return anew;
        var found = disks.Select(node.FindDevice).OfType<BlockDevice>().ToImmutableArray();
        var labels = found.Select(node.FindPhysicalVolume).OfType<LvmPhysicalVolume>().ToImmutableArray();
        if (found.Length < disks.Length || labels.Any(label => label.VolumeGroup.Length > 0)) return anew;
        if (labels.IsEmpty) return anew with { Refusals = [], Steps = [] };
        return labels.Length == disks.Length ? anew with { Refusals = [], Steps = [forget] } : anew;
    }

    /// <summary>null when it goes on; else why what was done is undone.</summary>
    public static Message? WhyNot(CommandRecord cut, NodePlan rest)
    {
        if (rest.IsRefused) return CommandTexts.InterruptedBefore(Sentences.Join(rest.Refusals));
        if (!IsEndOf(rest, cut)) return CommandTexts.Interrupted;
        // Days may have passed, and a disk may hold something else of the same kind by now.
        return rest.Steps.Any(step => step.Words[0] == "wipefs" || step.Action is DeleteLoopFile) ? CommandTexts.NothingErased : null;
    }

    /// <summary>The record, as if the steps that are left had not been begun.</summary>
    public static CommandRecord Of(CommandRecord cut, NodePlan rest) => cut with { Begun = cut.Steps.Length - rest.Steps.Length };

    private static bool IsEndOf(NodePlan rest, CommandRecord cut) =>
        rest.Steps.Length <= cut.Steps.Length
        && rest.Steps.Zip(cut.Steps.Skip(cut.Steps.Length - rest.Steps.Length), IsSame).All(same => same);

    private static bool IsSame(NodeStep one, NodeStep other) => one.Words.SequenceEqual(other.Words) && one.Action == other.Action;
}
