namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>There are nodes with room, and the pod may run on none of them.</summary>
internal sealed class RoomElsewhere : ICause
{
    private const int Shown = 5;

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var room in one.Rooms.Where(room => room.Pod is not null && !room.Fitting.Any()))
        {
            NodeRoom[] barred = [.. room.Nodes.Where(node => node is { HasRoom: true, PodWhyNot: not null, Node.IsReady: true })];
            if (barred.Length == 0) continue;
            var pod = room.Pod!.Metadata.ObjectName;
            var nodes = string.Join(", ", barred.Take(Shown).Select(node => node.Node.Metadata.Name)) + (barred.Length > Shown ? " …" : "");
            yield return new(nameof(RoomElsewhere), DiagnosisTexts.RoomElsewhere(nodes, pod), DiagnosisTexts.RoomElsewhereRemedy(pod))
            {
                Place = new(MendingPage.Nodes),
                Evidence = [.. barred.Take(Shown).Select(node => Witness.Of("Node", node.Node.Metadata.ObjectName, node.PodWhyNot!))],
            };
        }
    }
}
