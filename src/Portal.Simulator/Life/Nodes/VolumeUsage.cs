using Portal.Core.Kubernetes;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Nodes;

/// <summary>How full the file system of a mounted volume is, as its kubelet measures it: it begins somewhere and grows slowly, at a pace of its own.</summary>
public sealed record VolumeUsage(long CapacityBytes, long UsedBytes, long Inodes, long InodesUsed)
{
    private const long BytesPerInode = 16384;
    private const double FullAt = 0.97;
    private const double FileSystemPart = 0.99;

    public static VolumeUsage Of(KubeObject claim, KubeObject volume, DateTimeOffset now)
    {
        var seed = Seed(volume.Name);
        // The file system has what the kubelet has grown it to, less what it keeps for itself.
        var capacity = Whole(Sizes.BytesOf(claim.Json.Text("status", "capacity", "storage")) * FileSystemPart);
        var begun = 0.05 + (0.6 * (seed % 1000 / 1000.0));
        var perSecond = 1024.0 * (1 + (seed / 1000 % 64));
        var age = (now - (volume.Metadata.CreationTimestamp ?? now)).TotalSeconds;
        // What was there at the beginning is of the first size, and stays when the volume grows.
        var used = Whole(Math.Min(FullAt * capacity, (begun * Math.Min(capacity, 10L << 30)) + (perSecond * age)));
        return Holding(capacity, used);
    }

    /// <summary>Of a file system that is made to hold so much, as far as it can.</summary>
    public static VolumeUsage Filled(double volumeBytes, double usedBytes)
    {
        var capacity = Whole(volumeBytes * FileSystemPart);
        return Holding(capacity, Whole(Math.Min(FullAt * capacity, usedBytes)));
    }

    private static VolumeUsage Holding(long capacity, long used) => new(capacity, used, capacity / BytesPerInode, Math.Max(3, used / (8 * BytesPerInode)));

    private static long Whole(double bytes) => (long)bytes / 4096 * 4096;

    private static uint Seed(string name) => name.Aggregate(2166136261, (hash, letter) => unchecked((hash ^ letter) * 16777619));
}
