using System.Collections.Immutable;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Core.Disks;

/// <summary>Why a device is not free for LVM.</summary>
/// <param name="Rule">A stable word: "mounted".</param>
/// <param name="CanBeWiped">Only a signature says so, that of something nobody uses: a person may have it erased.</param>
public sealed record DiskReason(string Rule, Message Text, bool CanBeWiped);

/// <summary>Whether a device can be given to LVM: it can not as soon as one thing speaks against it.</summary>
/// <param name="Reasons">Everything that speaks against it, the gravest first; empty when the device is free.</param>
public sealed record DiskUse(BlockDevice Device, ImmutableArray<DiskReason> Reasons)
{
    /// <param name="group">The volume group that it shall go into; null where none is named yet.</param>
    /// <param name="beside">Other disks that shall go into the same group.</param>
    public static DiskUse Of(BlockDevice device, NodeInventory inventory, NodeLimits limits, string? group, params ImmutableArray<BlockDevice> beside)
    {
        var question = new DiskQuestion(device, inventory, limits, group, beside);
        var reasons = DiskRules.All.Select(rule => rule.Ask(question)).OfType<DiskReason>().ToImmutableArray();
        // "It can be erased" is true of a signature only while nothing else speaks against the disk.
        return new(device, reasons.Any(reason => !reason.CanBeWiped) ? [.. reasons.Where(reason => !reason.CanBeWiped)] : reasons);
    }

    public bool IsFree => Reasons.IsEmpty;

    /// <summary>Nothing but signatures stands against it.</summary>
    public bool IsFreeOnceWiped => !IsFree && Reasons.All(reason => reason.CanBeWiped);

    public IEnumerable<Message> WhyNot => Reasons.Select(reason => reason.Text);
}
