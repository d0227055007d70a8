using Portal.Simulator.Life.TopoLvm;

namespace Portal.Tests.Simulator.Life;

/// <summary>A row per rule of lvmd, with its boundary and the version from which it holds.</summary>
public sealed class LvmdFileTests
{
    private static readonly string LongestName = new('a', 63);

    public static TheoryData<string, string, string?> Rules => new()
    {
        { "0.10.0", "device-classes: []", "should have at least one device-class" },
        { "0.10.0", "socket-name: /run/x.sock", "should have at least one device-class" },
        { "0.10.0", "", "should have at least one device-class" },
        { "0.10.0", One("name: ''"), "device-class name should not be empty" },
        { "0.10.0", One("name: " + LongestName), null },
        { "0.10.0", One("name: a" + LongestName), "device-class name is too long: a" + LongestName },
        { "0.10.0", One("name: S_s.d-1"), null },
        { "0.10.0", One("name: ssd-"), "device-class name should consist of alphanumeric characters, '-', '_' or '.', and should start and end with an alphanumeric character: ssd-" },
        { "0.10.0", One("volume-group: ''"), "volume group name should not be empty: ssd" },
        { "0.10.0", One("stripe-size: 64k"), null },
        { "0.10.0", One("stripe-size: 64KB"), "stripe-size format is \"Size[k|UNIT]\": ssd" },
        { "0.10.0", One("spare-gb: 0"), null },
        { "0.10.0", One("future-key: [1, 2]"), null },
        { "0.10.0", One("default: false"), "should have only one default device-class" },
        { "0.24.1", One("default: false"), "should have only one default device-class" },
        { "0.25.0", One("default: false"), null },
        { "0.10.0", Two("default: true", "volume-group: vg2"), "should have only one default device-class" },
        { "0.41.0", Two("default: true", "volume-group: vg2"), "should not have multiple default device-class" },
        { "0.10.0", Two("name: ssd", "volume-group: vg2"), "duplicate device-class name: ssd" },
        { "0.10.0", Two("volume-group: vg1"), "duplicate volume group name: hdd, vg1" },
        { "0.41.0", Two("volume-group: vg1"), "duplicate volumegroup/thinpool name: hdd, vg1" },
        { "0.10.0", One("type: thin"), null },
        { "0.11.0", One("type: thin"), "device class type is thin but thinpool config is empty: ssd" },
        { "0.11.0", One("type: fat"), "target 'type' of device-class can be one of 'thick' or 'thin' or empty to default to 'thick'" },
        { "0.11.0", One("type: thick"), null },
        { "0.41.0", One("type: thin", "thin-pool: {name: '', overprovision-ratio: 2.0}"), "thinpool name should not be empty: ssd" },
        { "0.41.0", One("type: thin", "thin-pool: {name: pool0, overprovision-ratio: 0.9}"), "overprovision ratio for thin pool pool0 in device class ssd should be 1.0 or more" },
        { "0.41.0", One("type: thin", "thin-pool: {name: pool0, overprovision-ratio: 1.0}"), null },
        { "0.41.0", Two("volume-group: vg1", "type: thin", "thin-pool: {name: pool0, overprovision-ratio: 5}"), null },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Lvmd_refuses_what_its_version_refuses(string version, string file, string? problem) =>
        Assert.Equal(problem, LvmdFile.Read(file, Version.Parse(version)).Problem);

    [Fact]
    public void A_file_that_is_no_YAML_and_a_value_of_the_wrong_kind_are_told_apart()
    {
        Assert.StartsWith("error converting YAML to JSON: yaml: line 2: ", LvmdFile.Read("device-classes:\n- name: [ssd\n  default: }\n", new Version(0, 10, 0)).Problem);
        Assert.StartsWith("error unmarshaling JSON: ", LvmdFile.Read(One("spare-gb: -1"), new Version(0, 10, 0)).Problem);
    }

    [Fact]
    public void A_spare_that_is_not_written_is_10_GiB()
    {
        var read = LvmdFile.Read(One("spare-gb: 3", "volume-group: vg9"), new Version(0, 41, 0)).Configuration!.Classes.Single();
        Assert.Equal((3L << 30, "vg9"), (read.SpareBytes, read.VolumeGroup));
        Assert.Equal(10L << 30, LvmdFile.Read(One(), new Version(0, 41, 0)).Configuration!.Classes.Single().SpareBytes);
    }

    private static string One(params string[] changes) => "device-classes:\n" + Class(["name: ssd", "volume-group: vg1", "default: true"], changes);

    private static string Two(params string[] second) => One() + Class(["name: hdd", "volume-group: vg2"], second);

    private static string Class(string[] fields, string[] changes)
    {
        var changed = changes.Select(change => change.Split(':')[0]).ToHashSet();
        var lines = fields.Where(field => !changed.Contains(field.Split(':')[0])).Concat(changes);
        return "- " + string.Join("\n  ", lines) + "\n";
    }
}
