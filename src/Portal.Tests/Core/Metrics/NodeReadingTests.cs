using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Tests.Core.Metrics;

public sealed class NodeReadingTests
{
    [Theory]
    [InlineData("myvg1-data", MeasuredKind.LogicalVolume, "myvg1/data")]
    [InlineData("my--vg-4f3c1a2b--0000--4a1b--9c8d--000000000001", MeasuredKind.LogicalVolume, "my-vg/4f3c1a2b-0000-4a1b-9c8d-000000000001")]
    [InlineData("myvg1-pool0-tpool", MeasuredKind.ThinPool, "myvg1/pool0")]
    public void Volumes_are_called_by_what_lvm_calls_them(string mapped, MeasuredKind kind, string name)
    {
        var reading = NodeReading.From(Readings.Node, Readings.Sample(Mapped("dm-3", mapped)));

        Assert.Equal(new(Readings.Node, kind, name), Assert.Single(reading.Counters).Of);
    }

    [Theory]
    [InlineData("myvg1-pool0_tdata")]
    [InlineData("myvg1-pool0_tmeta")]
    [InlineData("myvg1-pool0")]
    [InlineData("myvg1-mirror_rimage_0")]
    [InlineData("myvg1-mirror_rmeta_1")]
    [InlineData("myvg1-data-real")]
    [InlineData("myvg1-snap-cow")]
    [InlineData("myvg1-lvol0_pmspare")]
    [InlineData("myvg1-pvmove0")]
    public void What_lies_below_a_volume_is_not_counted_a_second_time(string mapped)
    {
        var tpool = Mapped("dm-9", "myvg1-pool0-tpool");
        var reading = NodeReading.From(Readings.Node, Readings.Sample(Mapped("dm-3", mapped), tpool));

        Assert.Equal([Measured.ThinPool(Readings.Node, "myvg1", "pool0")], reading.Counters.Select(counter => counter.Of));
    }

    [Fact]
    public void A_volume_keeps_its_name_when_the_node_numbers_its_devices_anew()
    {
        var before = NodeReading.From(Readings.Node, Readings.Sample(Mapped("dm-0", "myvg1-a"), Mapped("dm-1", "myvg1-b")));
        var after = NodeReading.From(Readings.Node, Readings.Sample(Mapped("dm-0", "myvg1-b"), Mapped("dm-1", "myvg1-a")));

        Assert.Equal(before.Counters.Select(counter => counter.Of).Order(Comparer<Measured>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            after.Counters.Select(counter => counter.Of).Order(Comparer<Measured>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))));
    }

    [Fact]
    public void Encryption_on_top_of_a_volume_is_a_device_of_its_own()
    {
        var crypt = Readings.Counters("dm-5", 1, 1) with { MappedName = "luks-data" };

        var reading = NodeReading.From(Readings.Node, Readings.Sample(Mapped("dm-3", "myvg1-data"), crypt));

        Assert.Equal([Measured.LogicalVolume(Readings.Node, "myvg1", "data"), Measured.Disk(Readings.Node, "luks-data")], reading.Counters.Select(counter => counter.Of));
    }

    [Fact]
    public void Loop_devices_count_once_they_are_used_and_memory_disks_never()
    {
        var reading = NodeReading.From(Readings.Node, Readings.Sample(Readings.Counters("loop0", 0, 0), Readings.Counters("loop1", 5, 0), Readings.Counters("ram0", 5, 0), Readings.Counters("vda", 0, 0)));

        Assert.Equal(["loop1", "vda"], reading.Counters.Select(counter => counter.Of.Name));
    }

    [Fact]
    public void The_use_of_a_file_system_belongs_to_the_volume_that_it_is_on()
    {
        var sample = Readings.Sample(Mapped("dm-3", "myvg1-data") with { Number = "253:3" }) with { FileSystems = [new("253:3", 1000, 400, 64, 8), new("253:9", 1, 1, 1, 1)] };

        var reading = NodeReading.From(Readings.Node, sample);

        var volume = Measured.LogicalVolume(Readings.Node, "myvg1", "data");
        Assert.Equal([new(new(volume, Metric.UsedBytes), 400), new(new(volume, Metric.SizeBytes), 1000), new(new(volume, Metric.UsedInodes), 8), new(new(volume, Metric.Inodes), 64)], reading.Gauges);
    }

    private static DeviceCounters Mapped(string name, string mapped) => Readings.Counters(name, 1, 1) with { MappedName = mapped, IsLvm = true };
}
