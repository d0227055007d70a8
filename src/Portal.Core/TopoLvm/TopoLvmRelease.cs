using Portal.Core.TopoLvm.Nodes;

namespace Portal.Core.TopoLvm;

/// <summary>What a release of TopoLVM does with volumes.</summary>
/// <param name="HasSnapshots">Thin classes can be snapshotted and cloned (from 0.14 on).</param>
public sealed record TopoLvmRelease(VolumeSizes Sizes, bool HasSnapshots)
{
    private const long Gibibyte = 1L << 30;

    // lvm's own default; volume groups with other extents round further.
    private const long Extent = 4L << 20;

    private static readonly Version FirstWithSnapshots = new(0, 14);

    /// <param name="version">As the installation says it; one that says nothing is taken for the newest.</param>
    public static TopoLvmRelease Of(string? version) =>
        new(VolumeSizes.Of(version), !Version.TryParse(version?.Split('-', '+')[0], out var parsed) || parsed >= FirstWithSnapshots);

    /// <summary>The release behind a group: the installed one, or what the group alone says when none is found.</summary>
    public static TopoLvmRelease Of(Installation? installation, TopoLvmNames names) =>
        installation?.Names == names ? Of(installation.Version) : Of(names == TopoLvmNames.Legacy ? "0.10.0" : null);

    /// <summary>What a volume takes of its volume group is a multiple of this.</summary>
    public long StepBytes => Sizes.CountsBytes ? Extent : Gibibyte;

    /// <summary>What a request takes of the volume group.</summary>
    public long RoundUp(long bytes)
    {
        var made = Sizes.Made(bytes, null);
        return made > long.MaxValue - StepBytes ? made : (made + StepBytes - 1) / StepBytes * StepBytes;
    }

    /// <summary>The greatest size that needs no more than that.</summary>
    public long RoundDown(long bytes) => Math.Max(0, bytes / StepBytes * StepBytes);
}
