using System.Collections.Immutable;
using Portal.Core.Agents;

namespace Portal.Bench;

/// <summary>What the volumes of made up nodes read and write: three in five rest, the others work in bursts. The same at each run.</summary>
/// <param name="every">Between two samples.</param>
internal sealed class IngestTrace(int node, int volumes, DateTimeOffset start, TimeSpan every)
{
    public const int CountersOfADevice = 9;

    private readonly Random _random = new(20261127 + node);
    private readonly long[] _reads = new long[volumes], _writes = new long[volumes], _milliseconds = new long[volumes];
    private readonly string[] _names = [.. Enumerable.Range(0, volumes).Select(volume => $"myvg1-{new Guid(node, (short)volume, 0, new byte[8]).ToString().Replace("-", "--", StringComparison.Ordinal)}")];
    private long _sequence;

    public NodeSample Next()
    {
        var devices = ImmutableArray.CreateBuilder<DeviceCounters>(volumes);
        for (var i = 0; i < volumes; i++)
        {
            if (i % 5 < 2 && _random.Next(4) > 0)
            {
                var (reads, writes) = (_random.Next(2000), _random.Next(3000));
                (_reads[i], _writes[i], _milliseconds[i]) = (_reads[i] + reads, _writes[i] + writes, _milliseconds[i] + ((reads + writes) / 2));
            }
            devices.Add(new($"253:{i}", $"dm-{i}", _reads[i], _reads[i] * 16384, _milliseconds[i] / 3, _writes[i], _writes[i] * 8192, _milliseconds[i], i % 3, _milliseconds[i] / 2, _milliseconds[i])
            {
                MappedName = _names[i],
                IsLvm = true,
            });
        }
        return new(++_sequence, start + (_sequence * every), "boot", devices.MoveToImmutable());
    }

    public IEnumerable<(string Labels, long[] Values)> Series(NodeSample sample) => sample.Devices.Select((device, i) => (
        $"node=\"edge-{node}\",volume_group=\"myvg1\",logical_volume=\"{_names[i]}\"",
        (long[])[device.Reads, device.ReadBytes, device.ReadMilliseconds, device.Writes, device.WrittenBytes, device.WriteMilliseconds, device.InFlight, device.BusyMilliseconds, device.QueueMilliseconds]));
}
