namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A node does not report: nothing is made, grown, mounted, unmounted or removed there.</summary>
internal sealed class NodeOffline : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var node in one.Nodes.Select(one.Around.Node).Where(node => node is { IsReady: false }))
        {
            var name = node!.Metadata.Name;
            // A node on which nobody stores anything is not this portal's concern.
            if (one.Subject.Kind == SubjectKind.Node && one.Around.Lvmd(name) is null && one.Around.StorageNode(name) is not { LogicalVolumes: > 0 }) continue;
            yield return new(nameof(NodeOffline), DiagnosisTexts.NodeOffline(name), DiagnosisTexts.NodeOfflineRemedy(name))
            {
                Place = new(MendingPage.Node, node.Metadata.ObjectName),
                Evidence = [Witness.Of(node)],
            };
        }
    }
}
