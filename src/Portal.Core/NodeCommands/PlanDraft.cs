using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>A plan while it is made: what speaks against the command, what it does, and what it was decided from.</summary>
internal sealed class PlanDraft(NodeCommand command, NodeInventory inventory, NodeLimits limits)
{
    private readonly List<Message> _refusals = [];
    private readonly List<NodeStep> _steps = [];
    private readonly List<Message> _destroys = [];
    private readonly List<Message> _warnings = [];
    private readonly List<BlockDevice> _devices = [];
    private readonly List<BlockDevice> _members = [];
    private readonly List<string> _facts = [];

    public NodeInventory Inventory => inventory;

    public NodeLimits Limits => limits;

    /// <summary>What the person types.</summary>
    public string Confirmation { get; set; } = "";

    public bool IsRefused => _refusals.Count > 0;

    public void Refuse(Message why) => _refusals.Add(why);

    public void Warn(Message what) => _warnings.Add(what);

    public void Destroy(Message what) => _destroys.Add(what);

    public void Run(Message title, ImmutableArray<string> words, ImmutableArray<string>? undo = null) => _steps.Add(new(title, words) { Undo = undo });

    public void Run(NodeStep step) => _steps.Add(step);

    /// <summary>A device that the plan is made from: a change of it makes it another plan. Null, and refused, where the node has none of that path.</summary>
    public BlockDevice? Device(string path) => Found(path, _devices);

    /// <summary>The same for a disk that LVM has already: what lies on its volumes comes and goes, and does not matter.</summary>
    public BlockDevice? Member(string path) => Found(path, _members);

    /// <summary>A volume group that the plan is made from, with its physical volumes. Null, and refused, where it cannot be changed.</summary>
    /// <param name="withVolumes">Its logical volumes matter too.</param>
    public LvmVolumeGroup? Group(string name, bool withVolumes)
    {
        if (WithLvm() && inventory.FindVolumeGroup(name) is { } group)
        {
            _facts.AddRange(NodeFingerprint.Of(group, inventory, withVolumes));
            if (group.IsExported) Refuse(NodePlanTexts.GroupIsExported(name));
            if (group.IsShared) Refuse(NodePlanTexts.GroupIsShared(name));
            return group;
        }
        _facts.Add("no volume group " + name);
        if (inventory.LvmVersion is not null) Refuse(NodePlanTexts.NoSuchGroup(name));
        return null;
    }

    /// <summary>Something else that the plan is made from.</summary>
    public void Fact(string text) => _facts.Add(text);

    /// <summary>Refused, and false, where lvm is not installed.</summary>
    public bool WithLvm()
    {
        if (inventory.LvmVersion is not null) return true;
        Refuse(NodePlanTexts.NoLvm);
        return false;
    }

    private BlockDevice? Found(string path, List<BlockDevice> kept)
    {
        if (inventory.FindDevice(path) is { } device)
        {
            kept.Add(device);
            return device;
        }
        _facts.Add("no device " + path);
        Refuse(DiskTexts.Missing(path));
        return null;
    }

    /// <summary>The device's name that stays the same after a restart, where it has one.</summary>
    public static string PathOf(BlockDevice device) => device.StablePaths.FirstOrDefault(IsOfDevice) ?? device.Path;

    public NodePlan ToPlan()
    {
        var steps = IsRefused ? [] : _steps.ToImmutableArray();
        var concerned = _devices.SelectMany(device => inventory.Below(device).Concat(inventory.Above(device)).Prepend(device))
            .Concat(_members.Select(member => member with { Children = [], MountPoints = [] }));
        return new(command, NodeFingerprint.Of(command, inventory, concerned, _facts, steps))
        {
            Refusals = [.. _refusals.Distinct()],
            Steps = steps,
            Destroys = IsRefused ? [] : [.. _destroys],
            Warnings = IsRefused ? [] : [.. _warnings.Distinct()],
            Confirmation = Confirmation,
        };
    }

    // A link with the physical volume's own id comes and goes with it: a plan that is made anew in the middle would use other words.
    private static bool IsOfDevice(string path) =>
        path.StartsWith("/dev/disk/by-id/", StringComparison.Ordinal) && !path.StartsWith("/dev/disk/by-id/lvm-pv-uuid-", StringComparison.Ordinal);
}
