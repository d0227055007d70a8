using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Scenarios;

namespace Portal.Simulator.Life;

/// <summary>Lets thin pools fill and claims ask for more as the scenario says: what people and programs of the site do.</summary>
internal sealed class Growth(LifeContext context, SiteCourse course) : Controller("site-growth", context)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        var since = course.Since(Now);
        var pools = from node in Context.Nodes from vg in node.State.Current.Storage.VolumeGroups.Values from pool in vg.ThinPools.Values select (node, vg, pool);
        foreach (var (node, group, pool) in pools.ToArray())
        {
            var filled = pool.At(since);
            if (filled.DataPercent != pool.DataPercent) node.FillThinPool(group.Name, pool.Name, filled.DataPercent, filled.MetadataPercent);
        }
        foreach (var volume in course.Volumes.Values)
        {
            if (volume.Growth is null || Objects.Claims.GetValueOrDefault(new(volume.Namespace, volume.Claim)) is not { } claim || claim.Json.Text("spec", "volumeName") != volume.VolumeName) continue;
            var wanted = volume.BytesAt(since);
            if (Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage")) >= wanted) continue;
            var patch = new JsonObject { ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Sizes.Text(wanted) } } } };
            await AttemptAsync("claim " + volume.VolumeName, () => Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel));
        }
        // Another thing to wait for each minute: time alone changes nothing that would wake the next pass.
        Delays.IsOver($"minute {Now.ToUnixTimeSeconds() / 60}", LookEvery);
    }
}
