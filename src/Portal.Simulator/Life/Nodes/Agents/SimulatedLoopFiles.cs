using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>What fallocate and losetup do to a simulated node's files and loop devices, in their words.</summary>
internal static class SimulatedLoopFiles
{
    /// <summary>The disks afterwards, and what the program says; null for other programs.</summary>
    /// <exception cref="ArgumentException">The program fails; the message is what it says.</exception>
    public static (NodeStorage Storage, string Said)? Run(NodeStorage storage, ImmutableArray<string> words) => words switch
    {
        ["fallocate", "--length", var length, var path] => (WithSize(storage, path, long.Parse(length, CultureInfo.InvariantCulture)), ""),
        ["losetup", "--find", "--show", .., var path] => Attached(storage, path),
        ["losetup", "--set-capacity", var device] => (WithDiskSize(storage, device, On(storage, device).SizeBytes), ""),
        ["losetup", "--detach", var device] => (Detached(storage, device), ""),
        ["losetup", var device, var path] => (AttachedAs(storage, path, device), ""),
        _ => null,
    };

    /// <summary>A new file of that size.</summary>
    public static NodeStorage Made(NodeStorage storage, string path, long sizeBytes) =>
        storage.Loops.Any(loop => loop.FilePath == path) ? throw new ArgumentException($"{path} is there already.") : storage with { Loops = storage.Loops.Add(new(path, sizeBytes)) };

    /// <summary>Without the file, if it is there.</summary>
    public static NodeStorage Deleted(NodeStorage storage, string path)
    {
        if (storage.Loops.FirstOrDefault(loop => loop.FilePath == path) is not { } file) return storage;
        if (file.Device is { } device) throw new ArgumentException($"{path} is not deleted: {device} lies on it.");
        return storage with { Loops = storage.Loops.Remove(file) };
    }

    private static SimulatedLoop File(NodeStorage storage, string path) =>
        storage.Loops.FirstOrDefault(loop => loop.FilePath == path) ?? throw new ArgumentException($"losetup: {path}: failed to set up loop device: No such file or directory");

    private static SimulatedLoop On(NodeStorage storage, string device) =>
        storage.Loops.FirstOrDefault(loop => loop.Device == device) ?? throw new ArgumentException($"losetup: {device}: No such device or address");

    private static NodeStorage WithSize(NodeStorage storage, string path, long sizeBytes)
    {
        var file = File(storage, path);
        return storage with { Loops = storage.Loops.Replace(file, file with { SizeBytes = Math.Max(file.SizeBytes, sizeBytes) }) };
    }

    private static (NodeStorage Storage, string Said) Attached(NodeStorage storage, string path)
    {
        if (File(storage, path).Device is { } already) return (storage, already);
        var device = Enumerable.Range(0, int.MaxValue).Select(number => "/dev/loop" + number).First(name => storage.Disks.All(disk => disk.Device != name));
        return (AttachedAs(storage, path, device), device);
    }

    private static NodeStorage AttachedAs(NodeStorage storage, string path, string device)
    {
        var file = File(storage, path);
        return storage with { Loops = storage.Loops.Replace(file, file with { Device = device }), Disks = storage.Disks.Add(new(device, file.SizeBytes)) };
    }

    private static NodeStorage Detached(NodeStorage storage, string device)
    {
        var file = On(storage, device);
        if (storage.VolumeGroups.Values.Any(group => group.Devices.Contains(device))) throw new ArgumentException($"losetup: {device}: detach failed: Device or resource busy");
        return storage with
        {
            Loops = storage.Loops.Replace(file, file with { Device = null }),
            Disks = storage.Disks.RemoveAll(disk => disk.Device == device),
            Prepared = storage.Prepared.Remove(device),
        };
    }

    private static NodeStorage WithDiskSize(NodeStorage storage, string device, long sizeBytes) =>
        storage with { Disks = [.. storage.Disks.Select(disk => disk.Device == device ? disk with { SizeBytes = sizeBytes } : disk)] };
}
