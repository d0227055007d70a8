namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>The Node object is being deleted, or is no more: TopoLVM deletes the claims that were placed there.</summary>
internal sealed class NodeGone : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var name in one.Nodes.Where(name => name.Length > 0))
        {
            var node = one.Around.Node(name);
            if (node is null && one.Subject.Kind != SubjectKind.Node)
            {
                yield return new(nameof(NodeGone), DiagnosisTexts.NodeMissing(name), DiagnosisTexts.NodeMissingRemedy(name))
                {
                    Place = new(MendingPage.Volumes),
                    Evidence = [.. one.LogicalVolumes.Where(volume => volume.Spec.NodeName == name).Select(volume => Witness.Of("LogicalVolume", volume.Metadata.ObjectName, DiagnosisTexts.VolumeIsOnNode(name)))],
                };
            }
            else if (node is { Metadata.IsBeingDeleted: true } && one.Subject.Kind != SubjectKind.Node)
            {
                yield return new(nameof(NodeGone), DiagnosisTexts.NodeGoing(name), DiagnosisTexts.NodeGoingRemedy(name))
                {
                    Place = new(MendingPage.Node, node.Metadata.ObjectName),
                    Evidence = [Witness.Of("Node", node.Metadata.ObjectName, DiagnosisTexts.IsBeingDeleted, node.Metadata.DeletionTimestamp)],
                };
            }
            else if (node is { Metadata.IsBeingDeleted: true } && one.Around.Installation?.Find(ComponentRole.Controller) is { Ready: > 0 })
            {
                yield return new(nameof(NodeGone), DiagnosisTexts.NodeGoing(name), DiagnosisTexts.NodeGoingRemedy(name))
                {
                    Evidence = [Witness.Of("Node", node.Metadata.ObjectName, DiagnosisTexts.FinalizersLeft(string.Join(", ", node.Metadata.Finalizers)), node.Metadata.DeletionTimestamp)],
                };
            }
        }
    }
}
