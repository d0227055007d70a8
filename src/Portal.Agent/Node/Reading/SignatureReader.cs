using System.Collections.Concurrent;
using System.Collections.Immutable;
using Portal.Agent.Programs;
using Portal.Core.Disks;

namespace Portal.Agent.Node.Reading;

/// <summary>Asks wipefs what lies on a device, and remembers the answer until the device is written to. It reads the device itself: udev, and so
/// lsblk, may be late or not be there.</summary>
internal sealed class SignatureReader(ProgramRunner runner, SysBlock sysfs)
{
    private readonly ConcurrentDictionary<string, (string Stamp, ImmutableArray<DiskSignature> Found)> _known = new();

    public async Task<BlockDevice> JoinAsync(BlockDevice device, bool anew, CancellationToken cancel)
    {
        // A volume's own content is the business of its pod; a drive for disks has none without a medium.
        if (device.SizeBytes == 0 || device.Kind is "lvm" or "rom") return device;
        ImmutableArray<DiskSignature> found;
        try
        {
            found = await ReadAsync(device, anew, cancel);
        }
        catch (Exception failure) when (failure is ProgramException or FormatException)
        {
            // A failing disk is the matter of that disk: the others are used all the same.
            return device with { Unreadable = failure.Message };
        }
        var table = found.FirstOrDefault(signature => signature.Usage == "partition-table" && signature.Type != "PMBR");
        var content = found.FirstOrDefault(signature => signature.Usage != "partition-table");
        return device with { Signatures = found, PartitionTable = table?.Type, Signature = content?.Type, Label = content?.Label };
    }

    /// <summary>Forgets devices that are gone.</summary>
    public void KeepOnly(IEnumerable<BlockDevice> devices)
    {
        var names = devices.Select(device => device.Name).ToHashSet();
        foreach (var gone in _known.Keys.Where(name => !names.Contains(name))) _known.TryRemove(gone, out _);
    }

    private async Task<ImmutableArray<DiskSignature>> ReadAsync(BlockDevice device, bool anew, CancellationToken cancel)
    {
        // The stamp is taken first: what is written during the reading makes it old.
        var stamp = sysfs.Stamp(device.Name);
        if (!anew && _known.TryGetValue(device.Name, out var known) && known.Stamp == stamp) return known.Found;
        var found = WipefsReport.Parse(await runner.ReadAsync(["wipefs", .. WipefsReport.Arguments, device.Path], cancel));
        _known[device.Name] = (stamp, found);
        return found;
    }
}
