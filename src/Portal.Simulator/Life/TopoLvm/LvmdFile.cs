using System.Collections.Immutable;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using YamlException = YamlDotNet.Core.YamlException;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>A device class as the simulated lvmd understands it.</summary>
public sealed record LvmdClass(string Name, string VolumeGroup, bool IsDefault, long SpareBytes)
{
    /// <summary>Where its volumes are thin; null where they are thick.</summary>
    public LvmdThinPool? ThinPool { get; init; }
}

/// <param name="OverprovisionRatio">How many times its size the pool's volumes may promise together.</param>
public sealed record LvmdThinPool(string Name, double OverprovisionRatio);

/// <summary>What lvmd has read at its start.</summary>
/// <param name="OptionClasses">Names of the lvcreate-option-classes.</param>
public sealed record LvmdConfiguration(ImmutableArray<LvmdClass> Classes, ImmutableArray<string> OptionClasses);

/// <summary>Reads lvmd.yaml as a version of lvmd does: what that version does not know is ignored.</summary>
internal static class LvmdFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(HyphenatedNamingConvention.Instance).IgnoreUnmatchedProperties().Build();

    /// <summary>The configuration, or what lvmd says before it exits.</summary>
    public static (LvmdConfiguration? Configuration, string? Problem) Read(string text, Version version)
    {
        LvmdFileShape? file;
        try
        {
            file = Yaml.Deserialize<LvmdFileShape?>(text);
        }
        catch (YamlException broken)
        {
            return (null, broken.InnerException is FormatException or OverflowException or InvalidCastException
                ? "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal value: " + broken.InnerException.Message
                : $"error converting YAML to JSON: yaml: line {broken.Start.Line}: {broken.Message}");
        }
        var classes = file?.DeviceClasses ?? [];
        if (LvmdFileRules.WhyRefused(classes, version) is { } problem) return (null, problem);
        return (new([.. classes.Select(one => Understood(one, version))], [.. (file?.LvcreateOptionClasses ?? []).Select(one => one.Name ?? "")]), null);
    }

    private static LvmdClass Understood(LvmdClassShape one, Version version) => new(one.Name ?? "", one.VolumeGroup ?? "", one.Default, (long)(one.SpareGb ?? 10) << 30)
    {
        ThinPool = version >= TopoLvmVersion.ThinClasses && one is { Type: "thin", ThinPool: { } pool } ? new(pool.Name ?? "", pool.OverprovisionRatio) : null,
    };
}

internal sealed class LvmdFileShape
{
    public List<LvmdClassShape>? DeviceClasses { get; set; }
    public List<LvmdOptionClassShape>? LvcreateOptionClasses { get; set; }
}

internal sealed class LvmdClassShape
{
    public string? Name { get; set; }
    public string? VolumeGroup { get; set; }
    public bool Default { get; set; }
    public ulong? SpareGb { get; set; }
    public uint? Stripe { get; set; }
    public string? StripeSize { get; set; }
    public string? Type { get; set; }
    public LvmdThinPoolShape? ThinPool { get; set; }
}

internal sealed class LvmdThinPoolShape
{
    public string? Name { get; set; }
    public double OverprovisionRatio { get; set; }
}

internal sealed class LvmdOptionClassShape
{
    public string? Name { get; set; }
}
