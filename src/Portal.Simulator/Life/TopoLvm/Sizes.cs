using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Sizes of volumes as each version of TopoLVM rounds them.</summary>
internal static class Sizes
{
    private const long Gibibyte = 1L << 30;

    /// <summary>A quantity in bytes; 0 where it is absent.</summary>
    public static long BytesOf(string quantity) => quantity.Length == 0 ? 0 : Quantity.Parse(quantity).Value;

    /// <summary>What is made for a request of that many bytes.</summary>
    public static long Rounded(long asked, Version version, string fileSystem)
    {
        if (asked == 0) return Gibibyte;
        if (version < TopoLvmVersion.SizesInBytes) return (asked + Gibibyte - 1) / Gibibyte * Gibibyte;
        var least = fileSystem switch { "xfs" => 300L << 20, "btrfs" => 200L << 20, "ext4" => 32L << 20, _ => 8L << 20 };
        return Math.Max(least, (asked + 4095) / 4096 * 4096);
    }

    /// <summary>As the API writes it: whole GiB or MiB where it is, else bytes.</summary>
    public static string Text(long bytes) => bytes switch
    {
        _ when bytes % Gibibyte == 0 => $"{bytes / Gibibyte}Gi",
        _ when bytes % (1 << 20) == 0 => $"{bytes / (1 << 20)}Mi",
        _ => bytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
