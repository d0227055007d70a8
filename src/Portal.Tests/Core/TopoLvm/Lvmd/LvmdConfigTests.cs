using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

public sealed class LvmdConfigTests
{
    [Fact]
    public void Every_key_of_lvmd_is_read()
    {
        var reading = LvmdConfig.Read("""
            socket-name: /run/topolvm/lvmd.sock
            device-classes:
              - name: ssd          # the fast disks
                volume-group: myvg1
                default: true
                spare-gb: 5
                stripe: 2
                stripe-size: "64"
                lvcreate-options: ["--type=raid1", -y]
              - name: thin
                volume-group: myvg1
                type: thin
                thin-pool: {name: pool0, overprovision-ratio: 2.5}
              - {name: hdd, volume-group: myvg2, spare-gb: 0}
            lvcreate-option-classes:
              - name: mirror
                options: [--mirrors=1]
            lvm-command-prefix: [/sbin/lvm]
            """);

        Assert.Empty(reading.Problems);
        var config = reading.Config!;
        Assert.Equal(["ssd", "thin", "hdd"], config.DeviceClasses.Select(one => one.Name));
        var (ssd, thin, hdd) = (config.DeviceClasses[0], config.DeviceClasses[1], config.DeviceClasses[2]);
        Assert.Equal(("myvg1", true, 5L, 2L, "64"), (ssd.VolumeGroup, ssd.IsDefault, ssd.SpareGb, ssd.Stripe, ssd.StripeSize));
        Assert.Equal(["--type=raid1", "-y"], ssd.LvcreateOptions);
        Assert.Equal((true, new ThinPoolConfig("pool0", 2.5), 0L), (thin.IsThin, thin.ThinPool, thin.SpareBytes));
        Assert.Equal((0L, 0L), (hdd.SpareGb, hdd.SpareBytes));
        Assert.Equal(("mirror", "--mirrors=1"), (config.OptionClasses[0].Name, config.OptionClasses[0].Options[0]));
        Assert.Equal("/sbin/lvm", Assert.Single(config.LvmCommandPrefix!.Value));
        Assert.Same(ssd, config.Find(""));
    }

    [Fact]
    public void A_class_without_a_spare_gets_the_ten_that_lvmd_gives_it() =>
        Assert.Equal((null, 10L << 30), Only("device-classes: [{name: a, volume-group: b}]") is var one ? (one.SpareGb, one.SpareBytes) : default);

    [Theory]
    [InlineData("device-classes:\n  - name: a\n\tvolume-group: b\n", 3, 1)]
    [InlineData("device-classes:\n  - name: [a\n", 3, 1)]
    [InlineData("a: b: c\n", 1, 5)]
    [InlineData("device-classes: *gone\n", 1, 17)]
    [InlineData("- a\n", 1, 1)]
    [InlineData("just words", 1, 1)]
    public void Bad_YAML_shows_line_and_column(string yaml, int line, int column)
    {
        var reading = LvmdConfig.Read(yaml);

        Assert.Null(reading.Config);
        Assert.Equal(new LvmdPlace(line, column), Assert.Single(reading.Problems).Place);
    }

    [Theory]
    [InlineData("spare-gb: ten", "spare-gb")]
    [InlineData("spare-gb: -1", "spare-gb")]
    [InlineData("spare-gb: 1.5", "spare-gb")]
    [InlineData("spare-gb: \"5\"", "spare-gb")]
    [InlineData("stripe: [2]", "stripe")]
    [InlineData("default: maybe", "default")]
    [InlineData("default: \"true\"", "default")]
    [InlineData("name: {a: b}", "name")]
    [InlineData("lvcreate-options: -y", "lvcreate-options")]
    [InlineData("lvcreate-options: [[-y]]", "lvcreate-options")]
    [InlineData("thin-pool: pool0", "thin-pool")]
    [InlineData("thin-pool: {overprovision-ratio: much}", "thin-pool.overprovision-ratio")]
    public void A_value_of_another_kind_is_named_with_its_class_and_line(string field, string key)
    {
        var problem = Assert.Single(LvmdConfig.Read($"device-classes:\n- volume-group: a\n- {field}\n").Problems);

        Assert.Equal((1, key, 3), (problem.DeviceClass, problem.Key, problem.Place.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("device-classes:\n")]
    [InlineData("device-classes: []\n")]
    public void A_file_without_classes_is_read_as_such(string yaml)
    {
        var reading = LvmdConfig.Read(yaml);

        Assert.True(reading.IsReadable);
        Assert.Empty(reading.Config!.DeviceClasses);
    }

    [Fact]
    public void Anchors_merge_keys_and_repeated_keys_are_read_as_lvmd_reads_them()
    {
        var classes = LvmdConfig.Read("""
            x-base: &base {spare-gb: 3, default: true}
            device-classes:
            - &first
              name: a
              volume-group: v1
            - <<: *base
              name: b
              default: no
              volume-group: v2
            - name: c
              name: d
            """).Config!.DeviceClasses;

        Assert.Equal((3L, false, "b"), (classes[1].SpareGb, classes[1].IsDefault, classes[1].Name));
        Assert.Equal("d", classes[2].Name);
    }

    [Theory]
    [InlineData("yes", "true")]
    [InlineData("\"yes\"", "yes")]
    [InlineData("123", "123")]
    [InlineData("节点", "节点")]
    public void A_name_is_what_YAML_makes_of_it(string written, string name) =>
        Assert.Equal(name, Only($"device-classes: [{{name: {written}}}]").Name);

    private static DeviceClassConfig Only(string yaml) => Assert.Single(LvmdConfig.Read(yaml).Config!.DeviceClasses);
}
