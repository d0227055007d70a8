using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What a version of TopoLVM does differently; it is read from the tag of the image that runs.</summary>
internal static class TopoLvmVersion
{
    /// <summary>Where an image has no readable tag.</summary>
    public static readonly Version Newest = new(0, 41, 0);

    /// <summary>Device classes may be thin.</summary>
    public static readonly Version ThinClasses = new(0, 11, 0);

    /// <summary>The group becomes topolvm.io, and spare-gb is subtracted from what is published.</summary>
    public static readonly Version Renamed = new(0, 16, 0);

    public static readonly Version DefaultClassOptional = new(0, 25, 0);

    /// <summary>The webhook asks for a claim's own size, before for whole GiB.</summary>
    public static readonly Version WebhookCountsBytes = new(0, 23, 0);

    /// <summary>Volumes may be smaller than 1 GiB and need not be whole GiB.</summary>
    public static readonly Version SizesInBytes = new(0, 29, 0);

    /// <summary>No finalizer is put on claims any more, and old ones are taken off.</summary>
    public static readonly Version WithoutClaimFinalizer = new(0, 40, 0);

    public static Version Of(string imageTag) => Version.TryParse(imageTag.TrimStart('v').Split('-')[0], out var version) ? version : Newest;

    public static TopoLvmNames NamesOf(ContainerStart start) => NamesOf(Of(start.ImageTag), start.HasVariable("USE_LEGACY"));

    public static TopoLvmNames NamesOf(Version version, bool useLegacy) => version < Renamed || useLegacy ? TopoLvmNames.Legacy : TopoLvmNames.Current;
}
