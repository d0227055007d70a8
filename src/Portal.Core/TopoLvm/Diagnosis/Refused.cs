using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>Objects that a workload asked for and the API server refused to create: they are not in the cluster, only the refusal is.</summary>
internal static class Refused
{
    /// <summary>The newest refusals that explain why something of the case is missing: the pods of a claim that nobody mounts, or a claim or pod that
    /// does not exist.</summary>
    public static IEnumerable<Event> For(Case one)
    {
        var isIncomplete = !one.Exists || one.Claims.Any(claim => claim.Stage == ClaimStage.Missing || (claim.Stage == ClaimStage.Unbound && claim.Pods.All(pod => pod.Metadata.IsBeingDeleted)));
        return isIncomplete ? one.Around.Refusals.Where(said => Concerns(said, one)).DistinctBy(said => said.About) : [];
    }

    private static bool Concerns(Event said, Case one)
    {
        var (ns, owner) = (said.About.Namespace, said.About.Name);
        if (one.Subject.Kind == SubjectKind.Pod && !one.Exists) return one.Subject.Name.Namespace == ns && one.Subject.Name.Name.StartsWith(owner + "-", StringComparison.Ordinal);
        return one.Claims.Any(claim => claim.Name.Namespace == ns && (IsMountedBy(owner, claim, one) || IsMadeBy(owner, claim)));
    }

    /// <summary>A ReplicaSet bears the name of its Deployment, whose pods would mount the claim.</summary>
    private static bool IsMountedBy(string owner, ClaimCase claim, Case one) => one.Around.DeploymentsOf(claim.Name).Any(deployment => owner.StartsWith(deployment.Metadata.Name + "-", StringComparison.Ordinal));

    /// <summary>A StatefulSet names its claims after its template and itself: "data-db-0" of "db".</summary>
    private static bool IsMadeBy(string owner, ClaimCase claim) => claim.Name.Name.Contains($"-{owner}-", StringComparison.Ordinal);
}
