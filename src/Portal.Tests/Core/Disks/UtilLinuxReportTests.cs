using System.Text.Json;
using CsCheck;
using Portal.Core.Disks;

namespace Portal.Tests.Core.Disks;

/// <summary>The files in Cases were recorded with util-linux 2.38.</summary>
public sealed class UtilLinuxReportTests
{
    private static readonly Gen<string?> Word = Gen.OneOf(Gen.Const((string?)null), Gen.Char["abc 中\"\\-09"].Array[1, 8].Select(letters => (string?)("x" + new string(letters) + "x")));

    private static readonly Gen<BlockDevice> Disk = Gen.Select(Gen.Int[0, 255], Gen.Long[0, 1L << 50], Word, Word, Gen.Bool, Gen.Bool, Gen.Int[0, 1], (n, size, model, serial, ro, rota, unit) =>
        new BlockDevice($"sd{n}", $"/dev/sd{n}", "disk", size)
        {
            Number = $"8:{n}", Model = model, Serial = serial, IsReadOnly = ro, IsRotational = rota, LogicalSectorBytes = unit == 0 ? 512 : 4096,
        });

    [Fact]
    public void Lsblk_tells_of_disks_and_loop_devices()
    {
        var devices = LsblkReport.Parse(Case("lsblk"));

        Assert.Equal(["loop0", "loop1", "loop2", "zram0", "vda"], devices.Select(device => device.Name));
        Assert.Equal(new BlockDevice("loop1", "/dev/loop1", "loop", 64 << 20) { Number = "7:1", IsReadOnly = true, IsRotational = true }, devices[1]);
        Assert.Equal((256L << 30, 4096), (devices[4].SizeBytes, devices[3].LogicalSectorBytes));
    }

    [Fact]
    public void A_mapped_device_has_the_path_that_commands_take()
    {
        var json = """{"blockdevices": [{"name":"myvg1-data","kname":"dm-3","maj:min":"253:3","type":"lvm","size":"1073741824","ro":"0","rm":"0","rota":"1","log-sec":"512"},{"name":"cciss!c0d0","kname":"cciss!c0d0","maj:min":"104:0","type":"disk","size":1}]}""";

        Assert.Equal(["/dev/mapper/myvg1-data", "/dev/cciss/c0d0"], LsblkReport.Parse(json).Select(device => device.Path));
    }

    [Fact]
    public void Disks_are_read_back_from_old_and_new_releases() =>
        Gen.Select(Disk.Array[0, 8], Gen.Bool).Sample((disks, isOld) =>
        {
            var distinct = disks.DistinctBy(disk => disk.Name).ToArray();
            return LsblkReport.Parse(Json("blockdevices", disks.Select(disk => Row(disk, isOld)))).SequenceEqual(distinct);
        });

    [Fact]
    public void A_file_system_and_a_partition_table_leave_their_signatures()
    {
        Assert.Equal([new DiskSignature(0x438, "ext4", "filesystem", "my \"lab", "5ab2acb6-ecf5-4cf4-81db-398420aa2f45")], WipefsReport.Parse(Case("wipefs-ext4")));
        Assert.Equal(
            [(0x200, "gpt"), (0x3fffe00, "gpt"), (0x1fe, "PMBR")], WipefsReport.Parse(Case("wipefs-gpt")).Select(found => (found.OffsetBytes, found.Type)));
        Assert.Empty(WipefsReport.Parse(Case("wipefs-nothing")));
    }

    [Fact]
    public void Signatures_are_read_back()
    {
        var signature = Gen.Select(Gen.Long[0, 1L << 50], Word, Word, (offset, label, usage) => new DiskSignature(offset, "ext4", usage, label, null));
        signature.Array[0, 5].Sample(signatures => WipefsReport.Parse(Json("signatures", signatures.Select(each => new Dictionary<string, object?>
        {
            ["offset"] = $"0x{each.OffsetBytes:x}", ["type"] = each.Type, ["usage"] = each.Usage, ["label"] = each.Label, ["uuid"] = null,
        }))).SequenceEqual(signatures));
    }

    [Fact]
    public void Loop_devices_tell_their_files_even_when_those_are_deleted()
    {
        var loops = LosetupReport.Parse(Case("losetup"), LsblkReport.Parse(Case("lsblk")));

        Assert.Equal(
            [
                new LoopDevice("/dev/loop0", "/srv/disks/with space", 64 << 20, false, false),
                new LoopDevice("/dev/loop1", "/srv/disks/gpt", 64 << 20, false, true),
                new LoopDevice("/dev/loop2", "/srv/disks/old", 64 << 20, false, false) { IsFileMissing = true },
            ],
            loops);
    }

    [Fact]
    public void Losetup_says_nothing_when_there_is_no_loop_device() => Assert.Empty(LosetupReport.Parse("\n", []));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"blockdevices": 1}""")]
    public void What_is_no_report_is_refused(string json) =>
        Assert.Contains("lsblk's report", Assert.Throws<FormatException>(() => LsblkReport.Parse(json)).Message);

    [Fact]
    public void A_number_that_is_none_is_named() => Assert.Contains("\"1G\" as size", Assert.Throws<FormatException>(
        () => LsblkReport.Parse("""{"blockdevices": [{"name":"sda","kname":"sda","maj:min":"8:0","type":"disk","size":"1G"}]}""")).Message);

    private static Dictionary<string, object?> Row(BlockDevice disk, bool isOld)
    {
        object Flag(bool value) => isOld ? value ? "1" : "0" : value;
        object Number(long value) => isOld ? $"{value}" : value;
        return new()
        {
            ["name"] = disk.Name, ["kname"] = disk.Name, ["maj:min"] = disk.Number, ["type"] = disk.Kind, ["size"] = Number(disk.SizeBytes),
            ["ro"] = Flag(disk.IsReadOnly), ["rm"] = Flag(false), ["rota"] = Flag(disk.IsRotational), ["model"] = disk.Model, ["serial"] = disk.Serial,
            ["wwn"] = null, ["tran"] = null, ["log-sec"] = Number(disk.LogicalSectorBytes),
        };
    }

    private static string Json(string list, IEnumerable<Dictionary<string, object?>> rows) => JsonSerializer.Serialize(new Dictionary<string, object> { [list] = rows.ToArray() });

    private static string Case(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Core", "Disks", "Cases", name + ".json"));
}
