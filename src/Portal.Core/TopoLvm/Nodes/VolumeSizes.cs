namespace Portal.Core.TopoLvm.Nodes;

/// <summary>How a version of TopoLVM rounds the sizes of volumes.</summary>
/// <param name="CountsBytes">From 0.29 on sizes are multiples of 4096 bytes with a minimum for each file system, before whole GiB of at least one.</param>
public sealed record VolumeSizes(bool CountsBytes)
{
    private const long Gibibyte = 1L << 30;
    private const long Step = 4096;

    private static readonly Version FirstWithBytes = new(0, 29);

    /// <summary>The rules of a version as an image's tag names it; the newest where that is unknown.</summary>
    public static VolumeSizes Of(string? version) =>
        new(!Version.TryParse((version ?? "").TrimStart('v').Split('-', '+')[0], out var number) || number >= FirstWithBytes);

    /// <summary>The size that is made for a request; LVM rounds it up to whole extents.</summary>
    /// <param name="fileSystem">Null for a raw block volume; "" is TopoLVM's own choice, ext4.</param>
    public long Made(long requestedBytes, string? fileSystem)
    {
        if (requestedBytes <= 0) return Gibibyte;
        return CountsBytes ? Math.Max(Least(fileSystem), Up(requestedBytes, Step)) : Up(requestedBytes, Gibibyte);
    }

    /// <summary>The largest request that fits into so much space; 0 when none does.</summary>
    /// <inheritdoc cref="Made" path="/param"/>
    public long Largest(long availableBytes, string? fileSystem)
    {
        if (availableBytes <= 0) return 0;
        var largest = availableBytes / (CountsBytes ? Step : Gibibyte) * (CountsBytes ? Step : Gibibyte);
        return largest < Least(fileSystem) ? 0 : largest;
    }

    private long Least(string? fileSystem) => !CountsBytes ? Gibibyte : fileSystem switch
    {
        null => 8L << 20,
        "xfs" => 300L << 20,
        "btrfs" => 200L << 20,
        _ => 32L << 20,
    };

    private static long Up(long bytes, long step) => bytes > long.MaxValue - step ? bytes : (bytes + step - 1) / step * step;
}
