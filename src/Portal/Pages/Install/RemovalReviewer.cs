using System.Collections.Immutable;
using Portal.Cluster;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install.Removal;

namespace Portal.Pages.Install;

/// <param name="Removal">What would take them away.</param>
public sealed record FoundLeftovers(RemovalSpec Removal, ImmutableArray<Message> Texts);

/// <summary>Looks at what a removal would take away or has left, for the page; changes nothing.</summary>
public sealed class RemovalReviewer(ClusterSession session)
{
    /// <summary>Every object that goes, as "Kind namespace/name", in the order it goes.</summary>
    public async Task<ImmutableArray<string>> ObjectsAsync(RemovalSpec spec, CancellationToken cancel)
    {
        var client = session.Context.Client;
        var stages = Enum.GetValues<RemovalStage>().Where(stage => stage != RemovalStage.Definition || spec.DeleteData).ToArray();
        var found = await new InstalledObjects(client, await client.DiscoverAsync(cancel), spec).FindAsync(cancel, stages);
        return [.. found.Select(installed => installed.Name.ToString())];
    }

    /// <summary>What is left of either group of TopoLVM in the usual namespace, by the removal that would take it away; empty when the cluster is clean.</summary>
    public async Task<ImmutableArray<FoundLeftovers>> LeftoversAsync(CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<FoundLeftovers>();
        foreach (var spec in TopoLvmNames.All.Select(names => new RemovalSpec { Group = names.Group }))
        {
            if (await Leftovers.FindAsync(session.Context.Client, spec, cancel) is [_, ..] left) found.Add(new(spec, left));
        }
        return found.ToImmutable();
    }
}
