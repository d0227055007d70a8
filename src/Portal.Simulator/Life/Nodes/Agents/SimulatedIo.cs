using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Lvm;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>What the volumes of a simulated node read and write: each in waves of its own, and all of it on the disks that they lie on.</summary>
internal sealed class SimulatedIo
{
    private readonly Dictionary<string, Work> _done = [];
    private double? _until;

    /// <summary>The counters at the moment of an inventory, of every device in it. They begin at the first moment that is asked for.</summary>
    public IEnumerable<DeviceCounters> At(NodeInventory inventory)
    {
        var seconds = inventory.TakenAt.ToUnixTimeMilliseconds() / 1000.0;
        var since = _until ?? seconds;
        var volumes = inventory.LogicalVolumes.Where(volume => volume.DeviceNumber is not null).ToDictionary(volume => volume.DeviceNumber!);
        var pools = inventory.LogicalVolumes.Where(volume => volume.Layout == "thin-pool").ToDictionary(pool => (pool.VolumeGroup, pool.Name));
        foreach (var volume in volumes.Values.Where(volume => volume.Layout != "thin-pool"))
        {
            var some = Waves.Of($"{volume.VolumeGroup}/{volume.Name}").Between(since, seconds);
            Add(volume.DeviceNumber!, some);
            if (volume.Pool is { } pool && pools.TryGetValue((volume.VolumeGroup, pool), out var below)) Add(below.DeviceNumber!, some);
            foreach (var device in volume.Devices) AddToDisk(inventory, device, some / volume.Devices.Length);
        }
        // The system itself writes its log.
        if (inventory.Devices.FirstOrDefault(device => device.MountPoints.Contains("/")) is { Parents: [var disk] } root)
        {
            var some = Waves.Of("system").Between(since, seconds) / 20;
            Add(root.Number, some);
            AddToDisk(inventory, "/dev/" + disk, some);
        }
        _until = seconds;
        return inventory.Devices.Select(device => Mapped(_done.GetValueOrDefault(device.Number, Work.None).Counters(device), device, volumes));
    }

    private static DeviceCounters Mapped(DeviceCounters counters, BlockDevice device, Dictionary<string, LvmLogicalVolume> volumes) =>
        !volumes.TryGetValue(device.Number, out var volume) ? counters : counters with
        {
            // A pool's own device stands above the one that its volumes use.
            MappedName = new MappedName(volume.VolumeGroup, volume.Name, volume.Layout == "thin-pool" ? "tpool" : null).ToString(),
            IsLvm = true,
        };

    private void AddToDisk(NodeInventory inventory, string path, Work some)
    {
        if (inventory.FindDevice(path) is { } disk) Add(disk.Number, some);
    }

    private void Add(string number, Work some) => _done[number] = _done.GetValueOrDefault(number, Work.None) + some;

    /// <summary>Requests that were made, as fractions of whole ones.</summary>
    private readonly record struct Work(double Reads, double Writes)
    {
        private const int ReadBytes = 16384;
        private const int WriteBytes = 8192;

        public static readonly Work None = new(0, 0);

        public static Work operator +(Work one, Work other) => new(one.Reads + other.Reads, one.Writes + other.Writes);

        public static Work operator /(Work one, double parts) => new(one.Reads / parts, one.Writes / parts);

        // A read takes two milliseconds and a write four, eight of them at a time; the kernel counts whole milliseconds.
        public DeviceCounters Counters(BlockDevice device)
        {
            var (reads, writes) = ((long)Reads, (long)Writes);
            return new(device.Number, device.Name, reads, reads * ReadBytes, 2 * reads, writes, writes * WriteBytes, 4 * writes, 0, (reads + (2 * writes)) / 4, (2 * reads) + (4 * writes));
        }
    }

    /// <summary>A rate that rises and falls, in minutes and by the hour of the day; what comes of it over any time is known without adding it up.</summary>
    private readonly record struct Waves(double Reads, double Writes, double Period, double Phase)
    {
        private const double Height = 0.45;
        private const double HeightByDay = 0.4;
        private const double Day = 86400;

        public static Waves Of(string name)
        {
            var seed = name.Aggregate(2166136261, (hash, letter) => unchecked((hash ^ letter) * 16777619));
            return new(seed % 120, seed / 128 % 200, 40 + (seed / 32768 % 300), seed % 628 / 100.0);
        }

        public Work Between(double from, double to)
        {
            // A day is busiest when it is two in the afternoon in China; each volume a little earlier or later.
            var seconds = to - from + Wave(from, to, Period, Phase, Height) + Wave(from, to, Day, (Phase - Math.PI) / 4, HeightByDay);
            return new(Reads * seconds, Writes * seconds);
        }

        private static double Wave(double from, double to, double period, double phase, double height)
        {
            var turns = 2 * Math.PI / period;
            return height / turns * (Math.Cos((turns * from) + phase) - Math.Cos((turns * to) + phase));
        }
    }
}
