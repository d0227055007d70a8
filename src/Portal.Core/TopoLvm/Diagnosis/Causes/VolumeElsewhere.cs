using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A pod's volume is on a node where the pod may not run: its selector, affinity or a taint excludes it, or another volume is elsewhere.</summary>
internal sealed class VolumeElsewhere : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims)
        {
            foreach (var (pod, node, evidence) in Barred(claim, one))
            {
                // Each of the volumes is elsewhere for the other: that is one trouble, said once.
                if (evidence.Object.StartsWith("LogicalVolume", StringComparison.Ordinal))
                {
                    yield return new(nameof(VolumeElsewhere), DiagnosisTexts.VolumesApart(pod.Metadata.ObjectName), DiagnosisTexts.VolumesApartRemedy)
                    {
                        Place = new(MendingPage.Volumes),
                        Evidence = [Witness.Of("LogicalVolume", claim.LogicalVolume!.Metadata.ObjectName, DiagnosisTexts.VolumeIsOnNode(node)), evidence],
                    };
                    continue;
                }
                yield return new(nameof(VolumeElsewhere), DiagnosisTexts.VolumeElsewhere(claim.Name, node, pod.Metadata.ObjectName), DiagnosisTexts.VolumeElsewhereRemedy(pod.Metadata.ObjectName, node))
                {
                    Place = new(MendingPage.Node, new(null, node)),
                    Evidence = [Witness.Of("LogicalVolume", claim.LogicalVolume!.Metadata.ObjectName, DiagnosisTexts.VolumeIsOnNode(node)), evidence],
                };
            }
        }
    }

    /// <summary>Pods that wait for a node and cannot go where the claim's volume is, each with what keeps it away.</summary>
    internal static IEnumerable<(Pod Pod, string Node, Evidence Evidence)> Barred(ClaimCase claim, Case one)
    {
        if (claim is not { IsOurs: true, PersistentVolume: not null, LogicalVolume.Spec.NodeName: { Length: > 0 } name } || one.Around.Node(name) is not { } node) yield break;
        foreach (var pod in claim.Pods.Where(pod => Case.IsUnplaced(pod) && one.Pods.Contains(pod)))
        {
            if (PodFit.WhyNot(Room.RequestOf(pod), node) is { } barred)
            {
                yield return (pod, name, Witness.Of("Node", node.Metadata.ObjectName, barred));
                continue;
            }
            var other = Surroundings.ClaimsOf(pod).Select(one.Around.Claim).FirstOrDefault(other => other.LogicalVolume?.Spec.NodeName is { Length: > 0 } elsewhere && elsewhere != name);
            if (other is not null) yield return (pod, name, Witness.Of("LogicalVolume", other.LogicalVolume!.Metadata.ObjectName, DiagnosisTexts.VolumeIsOnNode(other.LogicalVolume.Spec.NodeName)));
        }
    }
}
