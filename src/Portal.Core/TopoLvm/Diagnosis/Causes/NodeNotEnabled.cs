using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A node that holds volumes, or is to hold one, is not selected by TopoLVM's DaemonSets; or no node at all is.</summary>
internal sealed class NodeNotEnabled : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var groups = one.Around.Storage.LvmdGroups;
        if (groups.IsEmpty) yield break;
        foreach (var node in one.Nodes.Select(one.Around.Node).Where(node => node is { IsReady: true, Metadata.IsBeingDeleted: false }))
        {
            var name = node!.Metadata.Name;
            var holds = one.LogicalVolumes.Any(volume => volume.Spec.NodeName == name) || one.Claims.Any(claim => claim.Node == name) || one.Around.StorageNode(name)?.LogicalVolumes > 0;
            // A taint set later leaves the pods that are there.
            if (!holds || one.Around.Lvmd(name) is not null || one.Around.StorageNode(name) is { Pods.IsEmpty: false }) continue;
            yield return new(nameof(NodeNotEnabled), DiagnosisTexts.NodeNotEnabled(name), DiagnosisTexts.NodeNotEnabledRemedy(name, LabelOf(groups[0])))
            {
                Place = new(MendingPage.Node, node.Metadata.ObjectName),
                Evidence =
                [
                    .. groups.Select(group => Witness.Of("DaemonSet", group.DaemonSetName, DiagnosisTexts.SelectsNodes(LabelOf(group)))),
                    .. node.Spec.Taints.Select(taint => Witness.Of("Node", node.Metadata.ObjectName, DiagnosisTexts.HasTaint($"{taint.Key}={taint.Value}:{taint.Effect}"))),
                ],
            };
        }
        if (one.Subject.Kind != SubjectKind.Node && one.Rooms.Any() && groups.All(group => group.Nodes.IsEmpty))
        {
            yield return new(nameof(NodeNotEnabled), DiagnosisTexts.NoNodeEnabled, DiagnosisTexts.NoNodeEnabledRemedy(LabelOf(groups[0])))
            {
                Place = new(MendingPage.Nodes),
                Evidence = [.. groups.Select(group => Witness.Of("DaemonSet", group.DaemonSetName, DiagnosisTexts.SelectsNodes(LabelOf(group))))],
            };
        }
    }

    private static string LabelOf(LvmdGroup group) => group.DaemonSet.Spec.Template.Spec.NodeSelector is { IsEmpty: false } selector
        ? string.Join(", ", selector.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))
        : $"{NodeLabel.Default.Key}={NodeLabel.Default.Value}";
}
