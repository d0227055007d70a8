namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>lvmd runs on a node, topolvm-node does not: nothing is made or mounted there, and capacity is not published.</summary>
internal sealed class NodePluginFails : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var name in one.Nodes)
        {
            if (one.Around.Node(name) is not { IsReady: true } || one.Around.Lvmd(name) is not { } found || found.Group.IsEmbedded || found.Node.Lvmd is not { IsReady: true }) continue;
            if (found.Node.Plugin is { IsReady: true }) continue;
            var pod = found.Node.Plugin;
            // It is starting, and says nothing else.
            if (pod is not null && Witness.OfTrouble(pod) is null) continue;
            yield return new(nameof(NodePluginFails), pod is null ? DiagnosisTexts.NodePluginMissing(name) : DiagnosisTexts.NodePluginFails(name),
                pod is null ? DiagnosisTexts.NodePluginMissingRemedy(name) : DiagnosisTexts.NodePluginFailsRemedy)
            {
                Place = new(pod is null ? MendingPage.Install : MendingPage.Node, pod is null ? null : new(null, name)),
                Evidence = pod is null ? [one.Around.Installation?.Find(ComponentRole.Node) is { } part ? Witness.Of(part) : Witness.Of("Node", new(null, name), DiagnosisTexts.NodePluginMissing(name))] : NodeParts.WordsOf(pod) is { } words ? [NodeParts.Words(pod, words)] : [Witness.OfTrouble(pod)!],
            };
        }
    }
}
