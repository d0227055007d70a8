using System.Collections.Immutable;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using YamlException = YamlDotNet.Core.YamlException;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>A device class as the simulated lvmd understands it.</summary>
public sealed record LvmdClass(string Name, string VolumeGroup, bool IsDefault, long SpareBytes, bool IsThin);

/// <summary>Reads lvmd.yaml and refuses what lvmd refuses.</summary>
internal static class LvmdFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(HyphenatedNamingConvention.Instance).IgnoreUnmatchedProperties().Build();

    /// <summary>The device classes, or what lvmd says before it exits.</summary>
    public static (ImmutableArray<LvmdClass> Classes, string? Problem) Read(string text, Version version)
    {
        FileShape? file;
        try
        {
            file = Yaml.Deserialize<FileShape?>(text);
        }
        catch (YamlException broken)
        {
            return ([], "error unmarshaling lvmd.yaml: " + broken.Message);
        }
        var classes = (file?.DeviceClasses ?? []).Select(one =>
            new LvmdClass(one.Name ?? "", one.VolumeGroup ?? "", one.Default, (one.SpareGb ?? 10) << 30, one.Type == "thin")).ToImmutableArray();
        return (classes, WhyRefused(classes, version));
    }

    private static string? WhyRefused(ImmutableArray<LvmdClass> classes, Version version)
    {
        if (classes.IsEmpty) return "should have at least one device-class";
        if (classes.FirstOrDefault(one => one.Name.Length == 0) is not null) return "device-class name should not be empty";
        if (classes.FirstOrDefault(one => one.VolumeGroup.Length == 0) is { } bare) return $"volume group name should not be empty: {bare.Name}";
        if (classes.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1) is { } twice) return $"duplicate device-class name: {twice.Key}";
        var groups = classes.Where(one => !one.IsThin).GroupBy(one => one.VolumeGroup).FirstOrDefault(same => same.Count() > 1);
        if (groups is not null) return $"duplicate volume group name: {groups.Key}";
        return (classes.Count(one => one.IsDefault), version >= TopoLvmVersion.DefaultClassOptional) switch
        {
            (> 1, _) => "should not have multiple default device-class",
            (0, false) => "should have one default device-class",
            _ => null,
        };
    }

    private sealed class FileShape
    {
        public List<ClassShape>? DeviceClasses { get; set; }
    }

    private sealed class ClassShape
    {
        public string? Name { get; set; }
        public string? VolumeGroup { get; set; }
        public bool Default { get; set; }
        public long? SpareGb { get; set; }
        public string? Type { get; set; }
    }
}
