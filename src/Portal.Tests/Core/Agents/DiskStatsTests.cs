using System.Globalization;
using CsCheck;
using Portal.Core.Agents;

namespace Portal.Tests.Core.Agents;

public sealed class DiskStatsTests
{
    private static readonly Gen<long> Counter = Gen.Long[0, long.MaxValue / 512];

    private static readonly Gen<DeviceCounters> Device = Gen.Select(Gen.Int[0, 4095], Gen.Int[0, 1 << 20], Counter.Array[9], (major, minor, n) =>
        new DeviceCounters($"{major}:{minor}", $"dm-{minor}", n[0], n[1] * 512, n[2], n[3], n[4] * 512, n[5], n[6], n[7], n[8]));

    [Fact]
    public void Sectors_are_told_as_bytes()
    {
        // The first line is from a kernel 6.18, the second from one before 4.18, which had no discards.
        var text = """
                 7       0 loop0 485 0 40848 69 92 138 70879 40 0 84 114 2 0 2097160 0 6 4
               253       4 dm-4 12 1 34 5 6 0 78 9 1 11 14

            """;

        Assert.Equal(
            [
                new DeviceCounters("7:0", "loop0", 485, 40848 * 512, 69, 92, 70879 * 512, 40, 0, 84, 114),
                new DeviceCounters("253:4", "dm-4", 12, 34 * 512, 5, 6, 78 * 512, 9, 1, 11, 14),
            ],
            DiskStats.Parse(text));
    }

    [Fact]
    public void Loop_devices_that_nobody_has_used_are_left_out() =>
        Assert.Equal(["loop1", "sda"], DiskStats.Parse("7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n7 1 loop1 1 0 8 0 0 0 0 0 0 0 0\n1 0 ram0 0 0 0 0 0 0 0 0 0 0 0\n8 0 sda 0 0 0 0 0 0 0 0 0 0 0\n").Select(device => device.Name));

    [Fact]
    public void Whatever_the_kernel_writes_is_read_back() =>
        Gen.Select(Device.Array[0, 20], Gen.Int[0, 6]).Sample((devices, more) =>
            DiskStats.Parse(string.Concat(devices.Select(device => Line(device, more)))).SequenceEqual(devices));

    [Theory]
    [InlineData("7 0 loop0 1 2 3", "cannot be read")]
    [InlineData("7 0 loop0 1 0 3 4 5 0 7 8 9 x 11", "\"x\"")]
    public void A_line_that_is_no_line_of_diskstats_is_named(string text, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => DiskStats.Parse(text)).Message);

    private static string Line(DeviceCounters device, int more)
    {
        var number = device.Number.Split(':');
        long[] counters =
        [
            device.Reads, 7, device.ReadBytes / 512, device.ReadMilliseconds, device.Writes, 8, device.WrittenBytes / 512, device.WriteMilliseconds,
            device.InFlight, device.BusyMilliseconds, device.QueueMilliseconds, .. Enumerable.Repeat(3L, more),
        ];
        var texts = counters.Select(counter => counter.ToString(CultureInfo.InvariantCulture));
        return $"{number[0],4} {number[1],7} {device.Name} {string.Join(' ', texts)}\n";
    }
}
