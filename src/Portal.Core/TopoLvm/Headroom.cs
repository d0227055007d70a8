using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>How far a volume can grow: what its node publishes for its device class, which is what TopoLVM's controller compares with.</summary>
/// <param name="FreeBytes">Spare subtracted or not, as the installed version does it.</param>
/// <param name="LargestBytes">The largest size it can take now, in whole steps of the version.</param>
public sealed record Headroom(string Node, string DeviceClass, long FreeBytes, long LargestBytes)
{
    /// <summary>Null for a volume that lies nowhere, or whose node does not publish its class.</summary>
    public static Headroom? Of(Volume volume)
    {
        if (volume is not { Host: { } host, LogicalVolumeBytes: { } current, Capacity: { } found }) return null;
        var largest = volume.Release.RoundDown(current > long.MaxValue - found.AvailableBytes ? long.MaxValue : current + found.AvailableBytes);
        return new(host.Name, found.DeviceClass, found.AvailableBytes, Math.Max(largest, current));
    }

    /// <summary>Null, or the numbers that keep a volume from growing to that size.</summary>
    public Message? WhyNot(Volume volume, long bytes) => volume.Release.RoundUp(bytes) <= LargestBytes ? null
        : VolumeTexts.NoResizeFull(Node, ByteText.Format(FreeBytes), ClassText(volume), ByteText.Format(volume.Release.RoundUp(bytes) - (volume.LogicalVolumeBytes ?? 0)),
            volume.Name, ByteText.Format(LargestBytes));

    /// <summary>Null, or why volumes that are to grow together do not all fit: those of one node and class share its room.</summary>
    public static Message? WhyNotTogether(IEnumerable<(Volume Volume, long Bytes)> wishes)
    {
        foreach (var shared in wishes.Where(wish => wish.Volume.Headroom is not null).GroupBy(wish => (wish.Volume.Headroom!.Node, wish.Volume.Headroom.DeviceClass)))
        {
            var free = shared.First().Volume.Headroom!.FreeBytes;
            var more = shared.Sum(wish => (decimal)Math.Max(0, wish.Volume.Release.RoundUp(wish.Bytes) - (wish.Volume.LogicalVolumeBytes ?? 0)));
            if (more > free) return VolumeTexts.NoResizeTogether(shared.Key.Node, ByteText.Format(free), ClassText(shared.First().Volume), shared.Count(), ByteText.Format((long)Math.Min(more, long.MaxValue)));
        }
        return null;
    }

    private static object ClassText(Volume volume) => volume.DeviceClass.Length == 0 ? VolumeTexts.DefaultClass : volume.DeviceClass;
}
