namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>What the cluster itself said last, where no cause that is known here explains it.</summary>
internal sealed class Unexplained : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var said = one.Pods.SelectMany(pod => Words(pod, one))
            .Concat(one.Claims.Where(claim => claim.Claim is not null && claim.Stage is ClaimStage.Unbound or ClaimStage.Growing).SelectMany(claim => one.Around.EventsOf(claim.Claim!).Where(found => found.Type == "Warning").Take(1).Select(Witness.Of)))
            .ToArray();
        if (said.Length > 0) yield return new(nameof(Unexplained), DiagnosisTexts.Unexplained, DiagnosisTexts.UnexplainedRemedy) { Evidence = [.. said] };
    }

    private static IEnumerable<Evidence> Words(Kubernetes.Kinds.Pod pod, Case one)
    {
        if (Case.IsUnplaced(pod)) return Witness.OfScheduler(pod, one.Around) is { } words ? [words] : [];
        // A pod that runs and is not ready has reasons of its own.
        return pod.Status.Phase == "Running" ? [] : one.Around.WarningsOf(pod).Take(1).Select(Witness.Of);
    }
}
