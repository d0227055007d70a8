using Portal.Core.Cluster;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>What a diagnosis could not see.</summary>
internal static class Blindness
{
    // An answer is not questioned for a kind that has no part in it.
    private static readonly string[] Irrelevant = ["namespaces", "customresourcedefinitions.apiextensions.k8s.io", "volumesnapshotclasses.snapshot.storage.k8s.io"];

    public static IEnumerable<Message> Of(ClusterSnapshot cluster, IReadOnlyCollection<Finding> findings)
    {
        foreach (var kind in cluster.Freshness.Where(kind => !Irrelevant.Contains(kind.Kind) && !kind.Freshness.IsLive))
            yield return kind.Freshness.AsOf is null ? DiagnosisTexts.KindNotRead(kind.Kind) : DiagnosisTexts.KindNotCurrent(kind.Kind);
        // The API server forgets events after an hour, so their absence proves nothing.
        if (findings.Count == 0 || findings.All(finding => finding.Cause == nameof(Causes.Unexplained))) yield return DiagnosisTexts.EventsForgotten;
    }
}
