namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>kube-scheduler does not know TopoLVM's extender, and takes the webhook's mark on the pod for a resource that no node has.</summary>
internal sealed class ExtenderNotAsked : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var said = one.Unplaced.Select(pod => Witness.OfScheduler(pod, one.Around)).FirstOrDefault(words => words?.Says.English.Contains("Insufficient " + one.Around.Names.CapacityResource, StringComparison.Ordinal) == true);
        if (said is null) yield break;
        yield return new(nameof(ExtenderNotAsked), DiagnosisTexts.ExtenderNotAsked(one.Around.Names.CapacityResource), DiagnosisTexts.ExtenderNotAskedRemedy)
        {
            Place = new(MendingPage.Scheduling),
            Evidence = [said, .. Schedulers(one)],
            NotKnown = [DiagnosisTexts.SchedulerFileNotSeen],
        };
    }

    private static IEnumerable<Evidence> Schedulers(Case one) => Scheduling.KubeSchedulerPod.FindAll(one.Around.Cluster)
        .Select(pod => Witness.Of("Pod", new("kube-system", pod.Name), pod.Configuration is { } file ? Texts.Message.Verbatim("--config=" + file)
            : pod.Policy is { } policy ? Texts.Message.Verbatim("--policy-config-file=" + policy) : DiagnosisTexts.SchedulerWithoutFile, pod.Since));
}
