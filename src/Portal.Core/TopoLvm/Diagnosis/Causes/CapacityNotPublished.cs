namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>Nodes have room, and the CSIStorageCapacity objects that kube-scheduler goes by do not say so.</summary>
internal sealed class CapacityNotPublished : ICause
{
    private const string Words = "did not have enough free storage";

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var room in one.Rooms.Where(room => room.Pod is not null && room.Fitting.Any()))
        {
            if (Witness.OfScheduler(room.Pod!, one.Around) is not { } said || !said.Says.English.Contains(Words, StringComparison.Ordinal)) continue;
            var node = room.Fitting.First().Node.Metadata.Name;
            yield return new(nameof(CapacityNotPublished), DiagnosisTexts.CapacityNotPublished(node), DiagnosisTexts.CapacityNotPublishedRemedy)
            {
                Place = new(MendingPage.Scheduling),
                Evidence = [said, .. room.Fitting.Take(3).SelectMany(found => found.Classes.Select(offer => Witness.Of("Node", found.Node.Metadata.ObjectName, DiagnosisTexts.Offer(Texts.ByteText.Format(offer.Available!.Value)))))],
            };
        }
    }
}
