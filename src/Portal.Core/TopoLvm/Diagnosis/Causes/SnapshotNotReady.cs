using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim is to begin as a copy of something that is not there, or not ready.</summary>
internal sealed class SnapshotNotReady : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, Claim.Spec.DataSource: not null }))
        {
            var origin = Origin.Of(claim, one.Around);
            var isThere = origin.IsSnapshot ? origin.Snapshot is not null : one.Around.Cluster.Claims.Items.ContainsKey(origin.Name);
            if (isThere && (origin.Snapshot is null || origin.Snapshot.Status.ReadyToUse)) continue;
            yield return new(nameof(SnapshotNotReady), isThere ? DiagnosisTexts.SnapshotNotReady(origin.Name) : DiagnosisTexts.OriginMissing(origin.Text),
                isThere ? DiagnosisTexts.SnapshotNotReadyRemedy(origin.Name) : DiagnosisTexts.OriginMissingRemedy(claim.Name))
            {
                Place = new(MendingPage.Volumes),
                Evidence =
                [
                    Witness.Of("PersistentVolumeClaim", claim.Name, DiagnosisTexts.ClaimCopies(origin.Text), claim.Claim!.Metadata.CreationTimestamp),
                    .. origin.Snapshot?.Status.Error is { Message: { } said } problem ? [Witness.Of("VolumeSnapshot", origin.Name, Message.Verbatim(said), problem.Time)] : Array.Empty<Evidence>(),
                ],
            };
        }
    }
}
