using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>Nodes offer the device class, and none has as much of it as is asked for.</summary>
internal sealed class ClassTooSmall : ICause
{
    private const int Shown = 5;

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var room in one.Rooms.Where(room => !room.Fitting.Any()))
        {
            foreach (var deviceClass in room.Claims.Select(claim => claim.DeviceClass!).Distinct())
            {
                var offers = OffersIn(room, deviceClass);
                if (offers.Length == 0 || offers.Any(offer => offer.Class.Available >= offer.Class.Asked)) continue;
                yield return Of(deviceClass, offers[0].Class, Best(offers.Select(offer => offer.Class))) with
                {
                    Evidence = [.. offers.Take(Shown).Select(offer => Witness.Of("Node", offer.Node.Metadata.ObjectName, Offer(offer.Class)))],
                    NotKnown = NotServing(room),
                };
            }
        }
    }

    /// <summary>The nodes that count, the largest offer first: those that take the pod; where none of them has the class, all.</summary>
    private static (Node Node, ClassRoom Class)[] OffersIn(Room room, string deviceClass)
    {
        var all = room.Nodes.Where(node => node.Node.IsReady).Select(node => (node.Node, node.PodWhyNot, Class: node.Classes.Single(found => found.DeviceClass == deviceClass)))
            .Where(offer => offer.Class.Available is not null).OrderByDescending(offer => offer.Class.Available).ThenBy(offer => offer.Node.Metadata.Name, StringComparer.Ordinal).ToArray();
        var allowed = all.Where(offer => offer.PodWhyNot is null).ToArray();
        return [.. (allowed.Length > 0 ? allowed : all).Select(offer => (offer.Node, offer.Class))];
    }

    /// <param name="freed">What would be there without spare-gb, where that would do.</param>
    private static Finding Of(string deviceClass, ClassRoom largest, ClassRoom? freed)
    {
        var what = DiagnosisTexts.ClassTooSmall(ByteText.Format(largest.Available!.Value), Naming.OfClass(deviceClass), ByteText.Format(largest.Asked));
        if (freed is not null) what = DiagnosisTexts.WithSpare(what, ByteText.Format(freed.HeldBack));
        return new(nameof(ClassTooSmall), what, freed is null ? DiagnosisTexts.ClassTooSmallRemedy(Naming.OfClass(deviceClass)) : DiagnosisTexts.ClassTooSmallRemedySpare(Naming.OfClass(deviceClass)))
        {
            Place = new(MendingPage.DeviceClasses),
        };
    }

    // At 0 available nobody can tell how much of the reserve is really there.
    private static ClassRoom? Best(IEnumerable<ClassRoom> offers) =>
        offers.FirstOrDefault(offer => offer is { HeldBack: > 0, Available: > 0 } && offer.Available + offer.HeldBack >= offer.Asked) ?? offers.FirstOrDefault(offer => offer is { HeldBack: > 0, Available: 0 } && offer.HeldBack >= offer.Asked);

    private static Message Offer(ClassRoom offer)
    {
        var available = ByteText.Format(offer.Available!.Value);
        if (offer.Config is { IsThin: true, ThinPool: { } pool }) return DiagnosisTexts.OfferOfThin(available, pool.Name, pool.OverprovisionRatio?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?");
        if (offer.HeldBack > 0) return offer.Available == 0 ? DiagnosisTexts.OfferAllSpare(ByteText.Format(offer.HeldBack)) : DiagnosisTexts.OfferWithSpare(available, ByteText.Format(offer.HeldBack));
        return offer.Config is { SpareBytes: > 0 } config ? DiagnosisTexts.OfferSpareIgnored(available, ByteText.Format(config.SpareBytes)) : DiagnosisTexts.Offer(available);
    }

    private static ImmutableArray<Message> NotServing(Room room)
    {
        string[] nodes = [.. room.Nodes.Where(node => node is { IsConfigured: true, IsServing: false, Node.IsReady: true }).Select(node => node.Node.Metadata.Name).Take(Shown)];
        return nodes.Length == 0 ? [] : [DiagnosisTexts.RoomNotKnown(string.Join(", ", nodes))];
    }
}
