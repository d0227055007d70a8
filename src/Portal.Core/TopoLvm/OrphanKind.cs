namespace Portal.Core.TopoLvm;

/// <summary>What is left over when a claim is gone.</summary>
public enum OrphanKind
{
    /// <summary>A LogicalVolume that no PersistentVolume names: it takes space on its node.</summary>
    LogicalVolume,

    /// <summary>A PersistentVolume whose LogicalVolume is gone, and with it its data.</summary>
    PersistentVolume,

    /// <summary>A PersistentVolume that was kept with its data, because its reclaim policy says so.</summary>
    Retained,

    /// <summary>The LogicalVolume of a snapshot that the cluster does not know any more.</summary>
    Snapshot,
}
