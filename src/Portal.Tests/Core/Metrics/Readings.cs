using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Tests.Core.Metrics;

/// <summary>Makes readings and samples for tests.</summary>
internal static class Readings
{
    public const string Node = "edge-1";

    /// <summary>A round hour, in milliseconds since 1970.</summary>
    public const long Start = 1_800_000_000_000 / 3_600_000 * 3_600_000;

    /// <summary>Counters of a disk that has read and written so much, in requests of 4 KiB that took 2 ms each.</summary>
    public static DeviceCounters Counters(string name, long reads, long writes) =>
        new("8:0", name, reads, reads * 4096, reads * 2, writes, writes * 4096, writes * 2, 0, (reads + writes) * 2, (reads + writes) * 2);

    public static NodeReading Of(long at, DeviceCounters counters, string boot = "boot-1") =>
        new(Node, at, boot, MetricOrigin.Agent) { Counters = [new(Measured.Disk(Node, counters.Name), counters)] };

    public static NodeSample Sample(params ImmutableArray<DeviceCounters> devices) => new(1, DateTimeOffset.FromUnixTimeMilliseconds(Start), "boot-1", devices);
}
