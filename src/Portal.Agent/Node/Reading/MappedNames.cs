using Portal.Core.Agents;

namespace Portal.Agent.Node.Reading;

/// <summary>Tells what device-mapper calls the devices of a sample. Numbers are given again when a volume goes, so the name is read each time; what
/// does not change with it is remembered.</summary>
/// <param name="root">Where the files of the node lie: "" on the node itself.</param>
internal sealed class MappedNames(string root)
{
    private readonly Dictionary<(string Device, string Name), bool> _isLvm = [];

    public DeviceCounters Join(DeviceCounters device)
    {
        if (!device.Name.StartsWith("dm-", StringComparison.Ordinal)) return device;
        var folder = Path.Combine(root + "/sys/class/block", device.Name, "dm");
        if (TextOrNull(Path.Combine(folder, "name")) is not { } name) return device;
        if (!_isLvm.TryGetValue((device.Name, name), out var isLvm))
        {
            // Names of volumes that have gone; the ones in use are few.
            if (_isLvm.Count > 4096) _isLvm.Clear();
            isLvm = TextOrNull(Path.Combine(folder, "uuid"))?.StartsWith("LVM-", StringComparison.Ordinal) == true;
            _isLvm[(device.Name, name)] = isLvm;
        }
        return device with { MappedName = name, IsLvm = isLvm };
    }

    private static string? TextOrNull(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\n') is { Length: > 0 } text ? text : null;
        }
        catch (IOException)
        {
            // The device has gone since its counters were read.
            return null;
        }
    }
}
