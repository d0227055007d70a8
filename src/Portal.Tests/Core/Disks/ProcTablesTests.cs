using CsCheck;
using Portal.Core.Disks;

namespace Portal.Tests.Core.Disks;

public sealed class ProcTablesTests
{
    private static readonly Gen<string> Path = Gen.Char[" \t\n\\#abcäü中/-0134"].Array[0, 20].Select(letters => "/" + new string(letters));

    [Fact]
    public void A_mount_tells_its_device_its_place_and_whether_it_is_read_only()
    {
        var text = """
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            42 27 7:0 /sub /mnt/with\040space ro,relatime shared:7 master:1 - xfs /dev/loop0 rw

            """;

        Assert.Equal(
            [new Mount("254:0", "/", "/", "ext4", "/dev/vda", false), new Mount("7:0", "/sub", "/mnt/with space", "xfs", "/dev/loop0", true)],
            MountTable.Parse(text));
    }

    [Fact]
    public void Mounts_are_read_back_wherever_they_are()
    {
        var mount = Gen.Select(Path, Path, Path, Gen.Bool, Gen.Int[0, 3], (root, place, source, isReadOnly, tags) =>
            (Mount: new Mount("8:1", root, place, "ext4", source, isReadOnly), Tags: tags));
        mount.Array[0, 10].Sample(mounts =>
            MountTable.Parse(string.Concat(mounts.Select(each => Line(each.Mount, each.Tags)))).SequenceEqual(mounts.Select(each => each.Mount)));
    }

    [Fact]
    public void A_line_that_is_no_mount_is_named() =>
        Assert.Contains("36 35 98:0", Assert.Throws<FormatException>(() => MountTable.Parse("36 35 98:0 / /mnt rw")).Message);

    [Fact]
    public void Swap_is_a_list_below_a_headline()
    {
        Assert.Empty(SwapTable.Parse("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"));
        Assert.Equal(["/dev/dm-1", "/swap file"], SwapTable.Parse(
            "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1                               partition\t999420\t\t0\t\t-2\n/swap\\040file file 1 0 -3\n"));
    }

    private static string Line(Mount mount, int tags) =>
        $"36 35 {mount.Number} {Encode(mount.Root)} {Encode(mount.MountPoint)} {(mount.IsReadOnly ? "ro" : "rw")},noatime {string.Concat(Enumerable.Repeat("master:1 ", tags))}"
        + $"- {mount.Type} {Encode(mount.Source)} rw\n";

    private static string Encode(string path) => path.Replace("\\", @"\134").Replace(" ", @"\040").Replace("\t", @"\011").Replace("\n", @"\012").Replace("#", @"\043");
}
