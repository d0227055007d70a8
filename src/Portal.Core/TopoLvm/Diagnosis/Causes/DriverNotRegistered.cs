namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>topolvm-node runs, but the node's kubelet does not know its CSI driver: nothing can be placed or mounted there.</summary>
internal sealed class DriverNotRegistered : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var names = one.Around.Names;
        // Before they are read once, a missing CSINode means nothing.
        if (one.Around.Cluster.CsiNodes is not { IsServed: true, Freshness.AsOf: not null } registered) yield break;
        foreach (var name in one.Nodes)
        {
            if (one.Around.Node(name) is not { IsReady: true } node || one.Around.Lvmd(name) is not { Node.IsServing: true }) continue;
            var csi = registered.Items.GetValueOrDefault(new(null, name));
            var isKnown = csi?.Spec.Drivers.Any(driver => driver.Name == names.Provisioner) == true;
            if (isKnown && node.Metadata.Labels.ContainsKey(names.TopologyLabel)) continue;
            yield return new(nameof(DriverNotRegistered), isKnown ? DiagnosisTexts.TopologyLabelMissing(name, names.TopologyLabel) : DiagnosisTexts.DriverNotRegistered(name, names.Provisioner),
                isKnown ? DiagnosisTexts.TopologyLabelMissingRemedy(name) : DiagnosisTexts.DriverNotRegisteredRemedy(name))
            {
                Place = new(MendingPage.Node, new(null, name)),
                Evidence = [isKnown ? Witness.Of("Node", node.Metadata.ObjectName, DiagnosisTexts.HasNoLabel(names.TopologyLabel))
                    : Witness.Of("CSINode", node.Metadata.ObjectName, csi is { Spec.Drivers: { IsEmpty: false } drivers } ? DiagnosisTexts.DriversOnNode(string.Join(", ", drivers.Select(driver => driver.Name))) : DiagnosisTexts.NoDriverOnNode)],
            };
        }
    }
}
