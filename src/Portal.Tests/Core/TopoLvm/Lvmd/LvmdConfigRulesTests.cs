using System.Collections.Immutable;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

/// <summary>A row per rule and boundary: lvmd's version, the file, and what is said as "severity class.key".</summary>
public sealed class LvmdConfigRulesTests
{
    private static readonly string Longest = new('a', 63);

    // Classes in short: fields by commas, classes by semicolons. What is left out is in order.
    public static TheoryData<string, string, string> Files => new()
    {
        // Names
        { "0.41.0", "name: a", "" },
        { "0.41.0", "name: " + Longest, "" },
        { "0.41.0", $"name: {Longest}b", "Refused 0.name" },
        { "0.41.0", "name: A-b_c.9", "" },
        { "0.41.0", "name: -a", "Refused 0.name" },
        { "0.41.0", "name: a.", "Refused 0.name" },
        { "0.41.0", "name: a b", "Refused 0.name" },
        { "0.41.0", "name: 节点", "Refused 0.name" },
        { "0.41.0", "name: ''", "Refused 0.name" },
        { "0.41.0", "name: a; name: a, volume-group: v2, default: false", "Refused 1.name" },
        { "0.41.0", "name: a; name: A, volume-group: v2, default: false", "" },
        // Volume groups
        { "0.41.0", "volume-group: ''", "Refused 0.volume-group" },
        { "0.41.0", "volume-group: -vg", "Refused 0.volume-group" },
        { "0.41.0", "volume-group: ..", "Refused 0.volume-group" },
        { "0.41.0", "volume-group: a+b_c.d-e", "" },
        { "0.41.0", "name: a; name: b, default: false", "Refused 1.volume-group" },
        { "0.10.0", "name: a; name: b, default: false", "Refused 1.volume-group" },
        { "0.41.0", "name: a; name: b, default: false, type: thin, thin-pool: {name: p, overprovision-ratio: 1}", "" },
        { "0.41.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 2}; name: b, default: false, type: thin, thin-pool: {name: q, overprovision-ratio: 2}", "" },
        { "0.41.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 2}; name: b, default: false, type: thin, thin-pool: {name: p, overprovision-ratio: 2}", "Refused 1.thin-pool.name" },
        // Default class
        { "0.10.0", "default: false", "Refused 0.default" },
        { "0.24.0", "default: false", "Refused 0.default" },
        { "0.25.0", "default: false", "Warning 0.default" },
        { "0.10.0", "name: a; name: b, volume-group: v2", "Refused 1.default" },
        { "0.41.0", "name: a; name: b, volume-group: v2", "Refused 1.default" },
        // Thin classes
        { "0.11.0", "type: thick", "" },
        { "0.41.0", "type: fat", "Refused 0.type" },
        { "0.41.0", "type: thin", "Refused 0.thin-pool" },
        { "0.41.0", "type: thin, thin-pool: {overprovision-ratio: 2}", "Refused 0.thin-pool.name" },
        { "0.41.0", "type: thin, thin-pool: {name: p}", "Refused 0.thin-pool.overprovision-ratio" },
        { "0.41.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 0.99}", "Refused 0.thin-pool.overprovision-ratio" },
        { "0.41.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 1.0}", "" },
        { "0.41.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 1.0}, spare-gb: 5", "Warning 0.spare-gb" },
        { "0.41.0", "thin-pool: {name: p, overprovision-ratio: 1.0}", "Warning 0.thin-pool" },
        { "0.10.6", "type: thin, thin-pool: {name: p, overprovision-ratio: 1.0}", "Refused 0.type; Warning 0.thin-pool" },
        { "0.11.0", "type: thin, thin-pool: {name: p, overprovision-ratio: 1.0}", "" },
        // Spare
        { "0.15.0", "spare-gb: 0", "" },
        { "0.15.0", "spare-gb: 1", "Note 0.spare-gb" },
        { "0.15.0", "spare-gb: ~", "Note 0.spare-gb" },
        { "0.16.0", "spare-gb: 1", "" },
        { "0.41.0", "spare-gb: 8589934591", "" },
        { "0.41.0", "spare-gb: 8589934592", "Refused 0.spare-gb" },
        { "0.41.0", "spare-gb: -1", "Refused 0.spare-gb" },
        // Stripes and options
        { "0.41.0", "stripe: 2, stripe-size: 64", "" },
        { "0.41.0", "stripe: 2, stripe-size: 64K", "" },
        { "0.41.0", "stripe: 2, stripe-size: m", "" },
        { "0.41.0", "stripe: 2, stripe-size: 64kb", "Refused 0.stripe-size" },
        { "0.41.0", "stripe: 2, stripe-size: 6.4k", "Refused 0.stripe-size" },
        { "0.41.0", "stripe-size: 64k", "Warning 0.stripe-size" },
        { "0.41.0", "stripe: 2, lvcreate-options: [-y]", "" },
        { "0.41.0", "stripe: 2, lvcreate-options: [-i, '2']", "Refused 0.lvcreate-options" },
        { "0.41.0", "stripe: 2, lvcreate-options: [-i2]", "Refused 0.lvcreate-options" },
        { "0.41.0", "stripe: 2, lvcreate-options: [--stripes=2]", "Refused 0.lvcreate-options" },
        { "0.41.0", "lvcreate-options: [-i, '2']", "" },
        { "0.41.0", "lvcreate-options: [--type=raid1]", "Warning 0.lvcreate-options" },
        { "0.10.5", "lvcreate-options: [-y]", "Warning 0.lvcreate-options" },
        { "0.10.6", "lvcreate-options: [-y]", "" },
        { "0.41.0", "volumegroup: a", "Warning 0.volumegroup" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_rule_has_its_place(string version, string classes, string said)
    {
        Assert.Equal(said, Said(YamlOf(classes), new() { Version = Version.Parse(version) }));
    }

    [Theory]
    [InlineData("0.41.0", "", "Refused device-classes")]
    [InlineData("0.41.0", "device-classes: []", "Refused device-classes")]
    [InlineData("0.17.0", "lvcreate-option-classes: []", "Warning lvcreate-option-classes")]
    [InlineData("0.18.0", "lvcreate-option-classes: []", "")]
    [InlineData("0.18.0", "lvcreate-option-classes: [{name: a}, {name: a}]", "Warning lvcreate-option-classes")]
    [InlineData("0.18.0", "lvcreate-option-classes: [{options: [-y]}]", "Warning lvcreate-option-classes")]
    [InlineData("0.36.0", "lvm-command-prefix: [/sbin/lvm]", "Warning lvm-command-prefix")]
    [InlineData("0.37.0", "lvm-command-prefix: [/sbin/lvm]", "")]
    [InlineData("0.41.0", "device-class: []", "Warning device-class")]
    public void The_file_as_a_whole_has_rules_too(string version, string top, string said) =>
        Assert.Equal(said, Said(top + (said.Contains(" device-classes", StringComparison.Ordinal) ? "" : "\n" + GivenLvmd.Yaml), new() { Version = Version.Parse(version) }));

    [Fact]
    public void A_problem_stands_at_the_line_of_its_key()
    {
        var problems = Check("device-classes:\n- name: ssd\n  default: true\n  volume-group: vg\n  spare-gb: 1\n- name: hdd\n  volume-group: vg\n", new() { Version = new(0, 41, 0) });

        Assert.Equal((new LvmdPlace(7, 3), 1), Assert.Single(problems) is var problem ? (problem.Place, problem.DeviceClass!.Value) : default);
        Assert.Equal("Line 7, column 3: Volume group vg belongs to ssd already; two thick classes cannot share one. Choose another volume group.", LvmdConfigRules.WhyNotSave(problems)?.English);
    }

    [Theory]
    [InlineData("spare-gb: 19", 20, "")]
    [InlineData("spare-gb: 20", 20, "Refused 0.spare-gb")]
    [InlineData("spare-gb: 21", 20, "Refused 0.spare-gb")]
    [InlineData("spare-gb: ~", 10, "Refused 0.spare-gb")]
    [InlineData("spare-gb: ~", 11, "Warning 0.spare-gb")]
    [InlineData("spare-gb: ~", 40, "Warning 0.spare-gb")]
    [InlineData("spare-gb: ~", 41, "")]
    [InlineData("spare-gb: 0", 1, "")]
    public void The_reserve_is_held_against_the_smallest_volume_group(string spare, int sizeGib, string said) =>
        Assert.Equal(said, Said($"device-classes: [{{{WithDefaults(spare)}}}]", new() { Version = new(0, 41, 0), Nodes = [Knows("edge-1", ("vg", 500)), Knows("edge-2", ("vg", sizeGib))] }));

    [Fact]
    public void A_reserve_that_is_too_large_already_does_not_stop_other_changes()
    {
        var facts = new LvmdRuleFacts { Version = new(0, 41, 0), Nodes = [Knows("edge-1", ("vg", 5))], Before = Read("device-classes: [{name: a, volume-group: vg, default: true, spare-gb: 9}]") };

        Assert.Equal("Warning 0.spare-gb", Said("device-classes: [{name: a, volume-group: vg, default: true, spare-gb: 9, stripe: 2}]", facts));
        Assert.Equal("Refused 0.spare-gb", Said("device-classes: [{name: a, volume-group: vg, default: true, spare-gb: 8}]", facts));
    }

    [Fact]
    public void A_volume_group_that_a_node_lacks_is_refused_and_one_that_is_not_known_is_warned_of()
    {
        var facts = new LvmdRuleFacts { Version = new(0, 41, 0), Nodes = [Knows("edge-1", ("vg", 100)), Knows("edge-2", ("other", 100)) with { IsComplete = true }, Knows("edge-3")] };

        var problems = Check("device-classes: [{name: a, volume-group: vg, default: true, spare-gb: 1}]", facts);

        Assert.Equal(["Volume group vg does not exist on edge-2: lvmd would not start there. Create it first, or give those nodes a configuration of their own.",
            "Whether volume group vg exists on edge-3 is not known. Where it is missing lvmd would not start; the change is tried on one node first."], problems.Select(problem => problem.Text.English));
    }

    [Theory]
    [InlineData("a,default b", "a,default b", "")]
    [InlineData("a,default b", "a,default c", "Refused device-classes")]
    [InlineData("a,default b", "a,default", "Refused device-classes")]
    [InlineData("a,default unused", "a,default", "")]
    [InlineData("a,default b", "a b,default", "Refused 1.default")]
    [InlineData("a,default b", "a,default b=other", "Refused 1.volume-group")]
    [InlineData("a,default b", "a=other,default b", "Refused 0.volume-group")]
    [InlineData("a,default unused", "a,default unused=other", "")]
    [InlineData("a,default c", "a,default", "Refused device-classes")]
    public void A_class_that_is_used_stays_what_it_is(string before, string after, string said)
    {
        // "x,default=other" in short: class x, the default, in volume group other; in its own of the same name otherwise.
        static string Yaml(string classes) => "device-classes:\n" + string.Concat(classes.Split(' ').Select(one =>
            $"- {{name: {one.Split(',', '=')[0]}, volume-group: {(one.Contains('=') ? "other" : "vg-" + one.Split(',')[0])}, default: {(one.Contains("default") ? "true" : "false")}, spare-gb: 1}}\n"));
        var facts = new LvmdRuleFacts
        {
            Version = new(0, 41, 0), Before = Read(Yaml(before)),
            Uses = [new("", DeviceClassUser.Volume, "shop/unnamed"), new("b", DeviceClassUser.Volume, "shop/data"), new("c", DeviceClassUser.StorageClass, "fast")],
        };

        Assert.Equal(said, Said(Yaml(after), facts));
    }

    [Fact]
    public void Many_users_of_a_class_are_counted()
    {
        var facts = new LvmdRuleFacts
        {
            Version = new(0, 41, 0), Before = Read("device-classes: [{name: gone, volume-group: a}]"),
            Uses = [.. Enumerable.Range(10, 13).Select(number => new DeviceClassUse("gone", DeviceClassUser.Volume, "shop/" + number)), new("gone", DeviceClassUser.StorageClass, "fast")],
        };

        var problem = Check(GivenLvmd.Yaml, facts).First(one => one.Key == "device-classes");

        Assert.Contains("shop/19 and 4 more", problem.Text.English, StringComparison.Ordinal);
        Assert.Contains("shop/19 等，另有 4 个", problem.Text.In(new("zh-CN")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_moved_socket_is_warned_of() =>
        Assert.Equal("Warning socket-name", Said("socket-name: /run/other.sock\n" + GivenLvmd.Yaml, new() { Version = new(0, 41, 0), Before = Read(GivenLvmd.Yaml) }));

    /// <summary>The files that a version refuses, each with all that is said against it.</summary>
    internal static IEnumerable<(string Yaml, string[] Sentences)> RefusedBy(Version version) =>
        from row in Files.Select(row => row.Data)
        let yaml = YamlOf(row.Item2)
        let against = Check(yaml, new() { Version = version }).Where(problem => problem.Severity == LvmdSeverity.Refused).Select(problem => problem.Text.English).ToArray()
        where against.Length > 0
        select (yaml, against);

    private static string YamlOf(string classes) => "device-classes:\n" + string.Concat(classes.Split("; ").Select(one => $"- {{{WithDefaults(one)}}}\n"));

    private static string WithDefaults(string fields)
    {
        string[] defaults = ["name: a", "volume-group: vg", "default: true", "spare-gb: 0"];
        var isThin = fields.Contains("type: thin", StringComparison.Ordinal);
        return string.Join(", ", defaults.Where(one => !fields.StartsWith(one.Split(' ')[0], StringComparison.Ordinal) && !fields.Contains(", " + one.Split(' ')[0], StringComparison.Ordinal)
            && !(isThin && one.StartsWith("spare", StringComparison.Ordinal))).Append(fields));
    }

    private static NodeStorageFacts Knows(string node, params (string Name, int Gib)[] groups) =>
        new(node, groups.ToImmutableDictionary(group => group.Name, group => new KnownVolumeGroup((long)group.Gib << 30, null)));

    private static LvmdConfig Read(string yaml) => LvmdConfig.Read(yaml).Config!;

    private static ImmutableArray<LvmdProblem> Check(string yaml, LvmdRuleFacts facts) => LvmdConfigRules.Check(LvmdConfig.Read(yaml), facts);

    private static string Said(string yaml, LvmdRuleFacts facts) => string.Join("; ", Check(yaml, facts).Select(problem =>
        $"{problem.Severity} {(problem.DeviceClass is { } index ? index + "." : "")}{problem.Key}"));
}
