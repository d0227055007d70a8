using Portal.Core.Disks;

namespace Portal.Core.NodeCommands;

/// <summary>What an agent permits on its node.</summary>
public sealed record NodeLimits
{
    public static readonly NodeLimits Default = new();

    /// <summary>The only folder of the host that files of loop devices are made in.</summary>
    public string LoopDirectory { get; init; } = "/var/lib/topolvm-portal/loop-devices";

    /// <summary>TopoLVM's smallest volume has one GiB.</summary>
    public long MinimumDiskBytes { get; init; } = 1L << 30;

    /// <summary>The share of a host file system, 0 to 1, that files of loop devices must leave free.</summary>
    public double FreeShare { get; init; } = 0.15;

    /// <summary>What files of loop devices may still take of a host file system, in bytes.</summary>
    public long Room(HostFileSystem host) => Math.Max(0, host.AvailableBytes - (long)Math.Ceiling(host.SizeBytes * FreeShare));
}
