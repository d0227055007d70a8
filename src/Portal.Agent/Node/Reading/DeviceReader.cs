using System.Collections.Immutable;
using Portal.Agent.Programs;
using Portal.Core.Disks;

namespace Portal.Agent.Node.Reading;

/// <summary>Joins what lsblk, sysfs, the mount table, swap and the devices themselves tell.</summary>
internal sealed class DeviceReader(ProgramRunner runner, SysBlock sysfs)
{
    private readonly SignatureReader _signatures = new(runner, sysfs);

    public async Task<ImmutableArray<BlockDevice>> ReadAsync(
        IReadOnlyList<Mount> mounts, IReadOnlyList<string> swaps, bool forPlanning, CancellationToken cancel)
    {
        var listed = LsblkReport.Parse(await runner.ReadAsync(["lsblk", .. LsblkReport.Arguments], cancel));
        var stablePaths = sysfs.StablePaths();
        var byNumber = mounts.ToLookup(mount => mount.Number);
        var bySource = mounts.ToLookup(mount => mount.Source);
        var devices = ImmutableArray.CreateBuilder<BlockDevice>(listed.Length);
        foreach (var each in listed)
        {
            var device = sysfs.Join(each, stablePaths);
            device = device with { MountPoints = MountPoints(device, byNumber, bySource, swaps) };
            device = await _signatures.JoinAsync(device, forPlanning, cancel);
            // It may have gone while it was read.
            if (sysfs.Exists(device.Name)) devices.Add(forPlanning ? device with { IsHeldByKernel = Libc.IsHeld(device.Path) } : device);
        }
        _signatures.KeepOnly(devices);
        return devices.ToImmutable();
    }

    // btrfs has a device number of its own; its mounts are found by their source.
    private static ImmutableArray<string> MountPoints(
        BlockDevice device, ILookup<string, Mount> byNumber, ILookup<string, Mount> bySource, IReadOnlyList<string> swaps)
    {
        string[] names = [device.Path, "/dev/" + device.Name];
        var places = byNumber[device.Number].Concat(names.SelectMany(name => bySource[name])).Select(mount => mount.MountPoint);
        if (swaps.Any(swap => names.Contains(swap))) places = places.Append("[SWAP]");
        return [.. places.Distinct().Order(StringComparer.Ordinal)];
    }
}
