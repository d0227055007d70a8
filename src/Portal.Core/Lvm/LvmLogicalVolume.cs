using System.Collections.Immutable;

namespace Portal.Core.Lvm;

/// <summary>A logical volume as lvm reports it, hidden ones ("[pool_tmeta]") left out.</summary>
/// <param name="SizeBytes">The virtual size of a thin volume.</param>
public sealed record LvmLogicalVolume(string VolumeGroup, string Name, string Uuid, long SizeBytes)
{
    /// <summary>lvm's lv_attr: "-wi-a-----".</summary>
    public string Attributes { get; init; } = "";

    /// <summary>The kind of its first segment: "linear", "striped", "raid1", "thin", "thin-pool"…</summary>
    public string Layout { get; init; } = "linear";

    public bool IsActive { get; init; }

    /// <summary>Something has it open: a mount, a container, another device.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The pool of a thin volume; null for others.</summary>
    public string? Pool { get; init; }

    /// <summary>What a snapshot was made from.</summary>
    public string? Origin { get; init; }

    /// <summary>How full a thin pool or thin volume is, 0 to 100; null where that does not apply or is not known.</summary>
    public double? DataPercent { get; init; }

    /// <inheritdoc cref="DataPercent"/>
    public double? MetadataPercent { get; init; }

    /// <summary>The kernel's device number, "253:4"; null while inactive. Samples of IO are joined by it.</summary>
    public string? DeviceNumber { get; init; }

    /// <summary>Physical volumes that it lies on.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];
}
