using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A thin pool has no room left for data or for metadata, whatever its volumes promise.</summary>
internal sealed class ThinPoolFull : ICause
{
    private static readonly string[] Words = ["free space in thin pool", "thin pool is out of data", "out of data space", "out of metadata space", "metadata space", "reached threshold"];

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var (node, deviceClass, said) in Said(one).Where(failure => Words.Any(word => failure.Evidence.Says.English.Contains(word, StringComparison.OrdinalIgnoreCase))))
        {
            var pool = node is null ? null : one.Around.Lvmd(node)?.Group.Config.Find(deviceClass) is { ThinPool: { } thin } config ? $"{config.VolumeGroup}/{thin.Name}" : null;
            var isMetadata = said.Says.English.Contains("metadata", StringComparison.OrdinalIgnoreCase);
            var name = pool is null ? Naming.OfClass(deviceClass) : Message.Verbatim(pool);
            yield return new(nameof(ThinPoolFull), isMetadata ? DiagnosisTexts.ThinPoolMetadataFull(name, node ?? "?") : DiagnosisTexts.ThinPoolFull(name, node ?? "?"), DiagnosisTexts.ThinPoolFullRemedy(pool ?? "VG/POOL"))
            {
                Place = node is null ? null : new(MendingPage.Node, new(null, node)),
                Evidence = [said],
                NotKnown = [DiagnosisTexts.PoolFillNotSeen],
            };
        }
    }

    private static IEnumerable<(string? Node, string DeviceClass, Evidence Evidence)> Said(Case one)
    {
        foreach (var volume in one.LogicalVolumes.Where(volume => volume.Status.Code != 0))
            yield return (volume.Spec.NodeName, volume.Spec.DeviceClass, Witness.Of("LogicalVolume", volume.Metadata.ObjectName, Message.Verbatim(volume.Status.Message)));
        foreach (var claim in one.Claims)
        {
            if (ClaimRefusal.Of(claim, one.Around) is { } refusal) yield return (claim.Node, Room.FileName(claim.DeviceClass ?? ""), Witness.Of(refusal.Said));
        }
    }
}
