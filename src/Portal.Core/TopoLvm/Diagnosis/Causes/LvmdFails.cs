namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>lvmd does not run on a node, for another reason than a missing volume group.</summary>
internal sealed class LvmdFails : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var (node, pod) in NodeParts.FailingLvmd(one))
        {
            var words = NodeParts.WordsOf(pod);
            if (words is not null && VolumeGroupMissing.Is(words)) continue;
            var group = one.Around.Lvmd(node)?.Group;
            yield return new(nameof(LvmdFails), DiagnosisTexts.LvmdFails(node), group is null ? DiagnosisTexts.LvmdFailsRemedy : DiagnosisTexts.LvmdFailsRemedyFile(group.ConfigMapObject))
            {
                Place = new(MendingPage.DeviceClasses),
                Evidence = [words is null ? Witness.OfTrouble(pod)! : NodeParts.Words(pod, words), .. FileProblems(group)],
                // Its manifests need not pass its last words on.
                NotKnown = words is null ? [DiagnosisTexts.LogNotSeen($"kubectl logs -n {pod.Metadata.Namespace} {pod.Metadata.Name} -c {NodeParts.LvmdContainerOf(pod)} --previous")] : [],
            };
        }
    }

    private static IEnumerable<Evidence> FileProblems(Lvmd.LvmdGroup? group) => group is null || group.Reading.IsReadable ? []
        : group.Reading.Problems.Take(3).Select(problem => Witness.Of("ConfigMap", group.ConfigMapObject, problem.WithPlace));
}
