namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>kube-scheduler asks TopoLVM's extender and gets no answer.</summary>
internal sealed class ExtenderSilent : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var said = one.Unplaced.Select(pod => Witness.OfScheduler(pod, one.Around)).FirstOrDefault(words => words?.Says.English.Contains("/predicate", StringComparison.Ordinal) == true);
        if (said is null) yield break;
        var extender = one.Around.Installation?.Find(ComponentRole.Scheduler);
        yield return new(nameof(ExtenderSilent), DiagnosisTexts.ExtenderSilent, extender is null ? DiagnosisTexts.ExtenderMissingRemedy : DiagnosisTexts.ExtenderSilentRemedy(extender.Workload))
        {
            Place = new(MendingPage.Scheduling),
            Evidence = [said, .. extender is null ? Array.Empty<Evidence>() : [Witness.Of(extender)]],
        };
    }
}
