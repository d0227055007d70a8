using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Lvmd;

// What lvmd.yaml says, in lvmd's own words: https://github.com/topolvm/topolvm/blob/main/docs/lvmd.md. It is read leniently, so
// that a file which lvmd would refuse can still be shown and mended; what is wrong with it is said beside it.

/// <summary>The content of an lvmd.yaml.</summary>
public sealed record LvmdConfig
{
    public const string FileName = "lvmd.yaml";
    public const string DefaultSocket = "/run/topolvm/lvmd.sock";

    public string? SocketName { get; init; }
    public ImmutableArray<DeviceClassConfig> DeviceClasses { get; init; } = [];
    public ImmutableArray<LvcreateOptionClass> OptionClasses { get; init; } = [];

    /// <summary>What runs lvm in place of nsenter; null leaves it to lvmd.</summary>
    public ImmutableArray<string>? LvmCommandPrefix { get; init; }

    /// <summary>Where each key of the file's top level stands, known to lvmd or not.</summary>
    public ImmutableSortedDictionary<string, LvmdPlace> Keys { get; init; } = ImmutableSortedDictionary<string, LvmdPlace>.Empty;

    /// <summary>The class that volumes without a class get; null where the file names none.</summary>
    public DeviceClassConfig? Default => DeviceClasses.FirstOrDefault(one => one.IsDefault);

    /// <summary>The class of a name; "" is the default class.</summary>
    public DeviceClassConfig? Find(string deviceClass) =>
        deviceClass.Length == 0 ? Default : DeviceClasses.FirstOrDefault(one => one.Name == deviceClass);

    public static LvmdReading Read(string yaml) => LvmdReader.Read(yaml);
}

/// <summary>One entry of device-classes.</summary>
public sealed record DeviceClassConfig
{
    /// <summary>What lvmd holds back when a class does not say.</summary>
    public const long DefaultSpareGb = 10;

    public string Name { get; init; } = "";
    public string VolumeGroup { get; init; } = "";
    public bool IsDefault { get; init; }

    /// <summary>Null where the file does not say: lvmd takes <see cref="DefaultSpareGb"/>.</summary>
    public long? SpareGb { get; init; }

    public long? Stripe { get; init; }
    public string StripeSize { get; init; } = "";
    public ImmutableArray<string> LvcreateOptions { get; init; } = [];

    /// <summary>"thick", "thin", or "" for thick.</summary>
    public string Type { get; init; } = "";

    public ThinPoolConfig? ThinPool { get; init; }

    /// <summary>Where the entry begins.</summary>
    public LvmdPlace Place { get; init; } = LvmdPlace.Beginning;

    /// <summary>Where each key of the entry stands, known to lvmd or not; keys of the thin pool as "thin-pool.name".</summary>
    public ImmutableSortedDictionary<string, LvmdPlace> Keys { get; init; } = ImmutableSortedDictionary<string, LvmdPlace>.Empty;

    public bool IsThin => Type == "thin";

    /// <summary>The reserve of a thick class; a thin one has none.</summary>
    public long SpareBytes => IsThin ? 0 : Math.Min(SpareGb ?? DefaultSpareGb, long.MaxValue >> 30) << 30;

    public LvmdPlace PlaceOf(string key) => Keys.GetValueOrDefault(key) ?? Place;
}

/// <summary>The thin pool of a thin class; it must exist, TopoLVM makes none.</summary>
/// <param name="OverprovisionRatio">How much more than the pool's size may be promised; null where the file does not say.</param>
public sealed record ThinPoolConfig(string Name, double? OverprovisionRatio);

/// <summary>Options of lvcreate that a StorageClass chooses by name, in place of those of the device class.</summary>
public sealed record LvcreateOptionClass(string Name, ImmutableArray<string> Options, LvmdPlace Place);

/// <summary>A place in a file; both numbers begin at 1.</summary>
public sealed record LvmdPlace(int Line, int Column)
{
    public static readonly LvmdPlace Beginning = new(1, 1);
}

/// <summary>What came of reading a file.</summary>
/// <param name="Config">Null when the text is no YAML mapping. Otherwise a value that lvmd could not read counts as absent here.</param>
/// <param name="Problems">What lvmd could not read, in the order of the file.</param>
public sealed record LvmdReading(LvmdConfig? Config, ImmutableArray<LvmdProblem> Problems)
{
    /// <summary>lvmd can read the file; whether it accepts what it says is for the rules.</summary>
    public bool IsReadable => Config is not null && Problems.IsEmpty;
}
