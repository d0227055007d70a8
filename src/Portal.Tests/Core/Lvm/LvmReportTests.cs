using System.Text.Json;
using CsCheck;
using Portal.Core.Lvm;

namespace Portal.Tests.Core.Lvm;

/// <summary>The files in Cases were recorded with lvm 2.03.16.</summary>
public sealed class LvmReportTests
{
    [Fact]
    public void Groups_disks_and_volumes_are_read_in_bytes()
    {
        var report = LvmReport.Parse(Case("every-kind"));

        Assert.Equal(("myvg1", 120L << 20, 64L << 20, 4L << 20, 2, 5, 0), report.VolumeGroups.Select(group =>
            (group.Name, group.SizeBytes, group.FreeBytes, group.ExtentBytes, group.PhysicalVolumes, group.LogicalVolumes, group.MissingPhysicalVolumes)).Single());
        Assert.Equal("wz--n-", report.VolumeGroups[0].Attributes);
        Assert.Equal(
            [("/dev/loop0", "myvg1", 60, 20, 64), ("/dev/loop1", "myvg1", 60, 44, 64), ("/dev/loop2", "", 64, 64, 64)],
            report.PhysicalVolumes.Select(disk => (disk.Device, disk.VolumeGroup, disk.SizeBytes >> 20, disk.FreeBytes >> 20, disk.DeviceBytes >> 20)));
        Assert.Equal(
            [("data", "linear", 8), ("mir", "raid1", 8), ("pool", "thin-pool", 16), ("thin1", "thin", 100), ("thin1_snap", "thin", 100)],
            report.LogicalVolumes.Select(volume => (volume.Name, volume.Layout, volume.SizeBytes >> 20)));
    }

    [Fact]
    public void A_disk_is_told_in_runs_of_extents()
    {
        var disk = LvmReport.Parse(Case("every-kind")).PhysicalVolumes[0];

        Assert.Equal(
            [
                new(0, 2, "data"), new(2, 4, "[pool_tdata]"), new(6, 1, "[lvol0_pmspare]"), new(7, 1, "[mir_rmeta_0]"), new(8, 2, "[mir_rimage_0]"),
                new LvmSegment(10, 5, null),
            ],
            disk.Segments);
    }

    [Fact]
    public void A_volume_lies_where_its_hidden_parts_lie()
    {
        var volumes = LvmReport.Parse(Case("every-kind")).LogicalVolumes.ToDictionary(volume => volume.Name);

        Assert.Equal(["/dev/loop0"], volumes["data"].Devices);
        Assert.Equal(["/dev/loop0", "/dev/loop1"], volumes["mir"].Devices);
        Assert.Equal(["/dev/loop0", "/dev/loop1"], volumes["pool"].Devices);
        Assert.Equal(("pool", "thin1"), (volumes["thin1_snap"].Pool, volumes["thin1_snap"].Origin));
        Assert.Equal(["ssd", "topolvm"], volumes["data"].Tags);
    }

    [Fact]
    public void A_disk_that_is_gone_is_missing_and_its_volumes_say_so()
    {
        var report = LvmReport.Parse(Case("missing-disk"));

        Assert.Equal(1, report.VolumeGroups.Single().MissingPhysicalVolumes);
        var missing = Assert.Single(report.PhysicalVolumes, disk => disk.IsMissing);
        Assert.Equal(("[unknown]", 0), (missing.Device, missing.DeviceBytes));
        Assert.Equal(["/dev/loop0", "[unknown]"], Assert.Single(report.LogicalVolumes, volume => volume.Name == "mir").Devices);
    }

    [Fact]
    public void An_active_volume_tells_its_number_and_a_pool_how_full_it_is()
    {
        var json = """
            {"report": [{"vg": [], "seg": [], "lv": [{"lv_name":"pool","lv_uuid":"u","lv_parent":"","lv_size":"1073741824","lv_attr":"twi-aotz--","pool_lv":"","origin":"","data_percent":"12.50","metadata_percent":"3.91","lv_kernel_major":"253","lv_kernel_minor":"4","lv_tags":""}]}]}
            """;

        var pool = LvmReport.Parse(json).LogicalVolumes.Single();
        Assert.Equal((true, true, "253:4", 12.5, 3.91), (pool.IsActive, pool.IsOpen, pool.DeviceNumber, pool.DataPercent, pool.MetadataPercent));
    }

    [Fact]
    public void A_node_without_volume_groups_has_an_empty_report()
    {
        var report = LvmReport.Parse("""{"report": []}""");

        Assert.True(report.VolumeGroups.IsEmpty && report.PhysicalVolumes.IsEmpty && report.LogicalVolumes.IsEmpty);
    }

    [Fact]
    public void Whatever_lies_on_a_disk_is_read_back_in_order() =>
        Gen.Select(Gen.Int[1, 100], Gen.Bool).Array[0, 12].Sample(pieces =>
        {
            long start = 0;
            var segments = pieces.Select((piece, n) => new LvmSegment((start += piece.Item1) - piece.Item1, piece.Item1, piece.Item2 ? $"lv{n}" : null)).ToArray();
            return LvmReport.Parse(Json(segments.Reverse())).PhysicalVolumes.Single().Segments.SequenceEqual(segments);
        });

    [Theory]
    [InlineData("", "could not be read")]
    [InlineData("[]", "could not be read")]
    [InlineData("""{"report": [{"vg": [{}]}]}""", "no column vg_name")]
    [InlineData("""{"report": [{"vg": [{"vg_name":"a","vg_uuid":"b","vg_attr":"","vg_size":"3g"}]}]}""", "\"3g\" in column vg_size")]
    public void A_report_that_cannot_be_read_says_what_is_wrong(string json, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => LvmReport.Parse(json)).Message);

    private static string Json(IEnumerable<LvmSegment> segments) => JsonSerializer.Serialize(new
    {
        report = new[]
        {
            new
            {
                pv = new[] { new { pv_name = "/dev/sdb", pv_uuid = "u", pv_size = "1", pv_free = "1", dev_size = "1", pv_missing = "", pv_allocatable = "" } },
                pvseg = segments.Select(each => new
                {
                    pv_uuid = "u", pvseg_start = $"{each.StartExtent}", pvseg_size = $"{each.Extents}", lv_name = each.LogicalVolume ?? "",
                }),
            },
        },
    });

    private static string Case(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Core", "Lvm", "Cases", name + ".json"));
}
