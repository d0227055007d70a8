using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A copy can be made only on the node of its origin, and its pod may not run there or was placed elsewhere.</summary>
internal sealed class SnapshotElsewhere : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, Claim.Spec.DataSource: not null }))
        {
            var origin = Origin.Of(claim, one.Around);
            if (origin.Node is not { } node || one.Around.Node(node) is not { } found) continue;
            var barred = claim.Pods.Where(Case.IsUnplaced).Select(pod => PodFit.WhyNot(Room.RequestOf(pod), found)).FirstOrDefault(why => why is not null);
            var elsewhere = claim.SelectedNode is { } chosen && chosen != node ? chosen : null;
            if (barred is null && elsewhere is null) continue;
            yield return new(nameof(SnapshotElsewhere), DiagnosisTexts.SnapshotElsewhere(claim.Name, origin.Text, node), DiagnosisTexts.SnapshotElsewhereRemedy(node))
            {
                Place = new(MendingPage.Node, new(null, node)),
                Evidence =
                [
                    Witness.Of("LogicalVolume", origin.Volume!.Metadata.ObjectName, DiagnosisTexts.VolumeIsOnNode(node)),
                    elsewhere is null ? Witness.Of("Node", found.Metadata.ObjectName, barred!) : Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.ClaimPlacedOn(elsewhere)),
                ],
            };
        }
    }
}
