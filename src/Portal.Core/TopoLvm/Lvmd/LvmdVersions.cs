using System.Collections.Frozen;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>Since when lvmd does what; a version that is not known is taken for the oldest.</summary>
public static class LvmdVersions
{
    public static readonly Version Oldest = new(0, 10, 0);
    public static readonly Version ThinClasses = new(0, 11, 0);
    public static readonly Version SparePublished = new(0, 16, 0);
    public static readonly Version OptionClasses = new(0, 18, 0);
    public static readonly Version DefaultOptional = new(0, 25, 0);

    private static readonly FrozenDictionary<string, Version> FileKeys = new Dictionary<string, Version>
    {
        ["socket-name"] = Oldest,
        ["device-classes"] = Oldest,
        ["lvcreate-option-classes"] = OptionClasses,
        ["lvm-command-prefix"] = new(0, 37, 0),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Version> ClassKeys = new Dictionary<string, Version>
    {
        ["name"] = Oldest,
        ["volume-group"] = Oldest,
        ["default"] = Oldest,
        ["spare-gb"] = Oldest,
        ["stripe"] = Oldest,
        ["stripe-size"] = Oldest,
        ["lvcreate-options"] = new(0, 10, 6),
        ["type"] = ThinClasses,
        ["thin-pool"] = ThinClasses,
        ["thin-pool.name"] = ThinClasses,
        ["thin-pool.overprovision-ratio"] = ThinClasses,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Since when a key of the file's top level is read; null for a key that no version knows.</summary>
    public static Version? OfFileKey(string key) => FileKeys.GetValueOrDefault(key);

    /// <summary>Since when a key of a device class is read; null for a key that no version knows.</summary>
    public static Version? OfClassKey(string key) => ClassKeys.GetValueOrDefault(key);

    /// <summary>The reserve is subtracted from what schedulers are told; before, spare-gb had no effect there.</summary>
    public static bool PublishesSpare(Version? version) => (version ?? Oldest) >= SparePublished;
}
