using System.Text.Json.Nodes;
using CsCheck;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Simulator.Api;

namespace Portal.Tests.Core.TopoLvm.Volumes;

/// <summary>The clean-up of what is left over, in generated clusters in which others go on working while it runs.</summary>
public sealed class OrphanSafetyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Part
    {
        Claimed,
        LogicalVolumeAlone,
        Retained,
        PersistentVolumeAlone,
    }

    private enum Move
    {
        /// <summary>A person makes a PersistentVolume, under another name, for the data.</summary>
        NameByHand,

        /// <summary>A claim takes the released PersistentVolume.</summary>
        TakeAgain,

        /// <summary>Somebody writes something else into the LogicalVolume.</summary>
        Touch,

        /// <summary>Another LogicalVolume of the same name takes its place.</summary>
        Replace,
    }

    private static readonly Gen<(Part[] Parts, (int Step, int Target, Move Move)[] Between, (int Write, int Target, Move Move)[] During)> Clusters =
        from parts in Gen.Enum<Part>().Array[1, 6]
        from between in Gen.Select(Gen.Int[0, 6], Gen.Int[0, 5], Gen.Enum<Move>()).Array[0, 4]
        // Nothing can guard against a PersistentVolume that is made in the instant of the deletion; whatever changes the object itself can be.
        from during in Gen.Select(Gen.Int[1, 8], Gen.Int[0, 5], Gen.Enum<Move>().Where(move => move != Move.NameByHand)).Array[0, 3]
        select (parts, between, during);

    [Fact]
    public async Task A_clean_up_never_touches_a_volume_that_somebody_has()
    {
        await using var server = await SimulatedApiServer.StartAsync(new(), Cancel);
        using var client = new KubeClient(server.Connection);
        await using var site = await VolumeSite.StartAsync(client, Cancel);
        var sample = 0;
        await Clusters.SampleAsync(async generated =>
        {
            var play = new Play(site, $"s{++sample}", generated.Parts);
            await play.SetUpAsync();
            site.BeforeStep = step => play.MoveAsync(generated.Between.Where(move => move.Step == step).Select(move => (move.Target, move.Move)));
            site.BeforeWrite = write => play.MoveAsync(generated.During.Where(move => move.Write == write).Select(move => (move.Target, move.Move)));

            Assert.Null(await site.RunAsync(new DeleteOrphansOperation([.. play.LeftOvers]), Cancel));

            (site.BeforeStep, site.BeforeWrite) = (_ => Task.CompletedTask, _ => Task.CompletedTask);
            await play.ExpectOwnedStaysAsync();
        }, iter: 40, threads: 1);
    }

    /// <summary>One generated cluster, and what others do in it.</summary>
    private sealed class Play(VolumeSite site, string prefix, Part[] parts)
    {
        // What belongs to somebody, by the uid that it had when it came to belong to them.
        private readonly Dictionary<string, string> _ownedLogical = [];
        private readonly Dictionary<string, string> _ownedPersistent = [];

        public List<LeftOver> LeftOvers { get; } = [];

        public async Task SetUpAsync()
        {
            foreach (var (at, part) in parts.Index())
            {
                var name = NameOf(at);
                if (part != Part.PersistentVolumeAlone) await site.CreateLogicalVolumeAsync(name, "1Gi", Cancel);
                if (part != Part.LogicalVolumeAlone) await CreatePersistentVolumeAsync(at, part);
                if (part == Part.Claimed) await ClaimAsync(at, name);
                var (logical, persistent) = (await LogicalAsync(name), await PersistentAsync(name));
                if (part == Part.Claimed) Own(logical, persistent);
                else LeftOvers.Add(new(KindOf(part), VolumeSite.Group, persistent?.Metadata.Name, persistent?.Metadata.Uid ?? "", logical?.Metadata.Name, logical?.Metadata.Uid ?? ""));
            }
        }

        public async Task MoveAsync(IEnumerable<(int Target, Move Move)> moves)
        {
            foreach (var (target, move) in moves)
            {
                if (target >= parts.Length || parts[target] == Part.Claimed) continue;
                var name = NameOf(target);
                var (logical, persistent) = (await LogicalAsync(name), await PersistentAsync(name));
                if (move == Move.NameByHand && logical is not null && await PersistentAsync(name + "-by-hand") is null)
                {
                    await site.CreatePersistentVolumeAsync(name + "-by-hand", name, "1Gi", null, Cancel);
                    Own(logical, null);
                }
                if (move == Move.TakeAgain && persistent is not null && !_ownedPersistent.ContainsKey(name))
                {
                    await TakeAgainAsync(target, name);
                    Own(logical, persistent);
                }
                if (move == Move.Touch && logical is not null)
                    await site.Client.PatchAsync(VolumeSite.LogicalVolumes, new(null, name), Patch.Merge("""{"metadata":{"labels":{"seen":"yes"}}}"""), WriteOptions.Default, Cancel);
                if (move == Move.Replace && logical is not null && !_ownedLogical.ContainsKey(name))
                {
                    await site.Client.DeleteAsync(VolumeSite.LogicalVolumes, new(null, name), DeleteOptions.Default, Cancel);
                    Own(await site.CreateLogicalVolumeAsync(name, "1Gi", Cancel), null);
                }
            }
        }

        public async Task ExpectOwnedStaysAsync()
        {
            foreach (var (name, uid) in _ownedLogical) Assert.Equal((name, uid), (name, (await LogicalAsync(name))?.Metadata.Uid));
            foreach (var (name, uid) in _ownedPersistent) Assert.Equal((name, uid), (name, (await PersistentAsync(name))?.Metadata.Uid));
        }

        private string NameOf(int at) => $"{prefix}-v{at}";

        private void Own(LogicalVolume? logical, PersistentVolume? persistent)
        {
            if (logical is not null) _ownedLogical[logical.Metadata.Name] = logical.Metadata.Uid;
            if (persistent is not null) _ownedPersistent[persistent.Metadata.Name] = persistent.Metadata.Uid;
        }

        private async Task CreatePersistentVolumeAsync(int at, Part part)
        {
            var name = NameOf(at);
            await site.CreatePersistentVolumeAsync(name, name, "1Gi", new() { ["namespace"] = "default", ["name"] = name, ["uid"] = part == Part.Claimed ? "" : "gone" }, Cancel);
            await SetPhaseAsync(name, part == Part.Claimed ? "Bound" : "Released");
        }

        private async Task TakeAgainAsync(int at, string name)
        {
            await ClaimAsync(at, name + "-again");
            var claim = new JsonObject { ["spec"] = new JsonObject { ["claimRef"] = new JsonObject { ["namespace"] = "default", ["name"] = name + "-again", ["uid"] = null } } };
            await site.Client.PatchAsync(PersistentVolume.Kind, new(null, name), Patch.Merge(claim.ToJsonString()), WriteOptions.Default, Cancel);
        }

        private Task SetPhaseAsync(string name, string phase) =>
            site.Client.PatchAsync(PersistentVolume.Kind, new(null, name), Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["phase"] = phase } }.ToJsonString()), WriteOptions.Default, Cancel, "status");

        private async Task ClaimAsync(int at, string claim)
        {
            var spec = new VolumeSpec { Namespace = "default", Name = claim, StorageClass = "site", Size = "1Gi" };
            var document = spec.ToDocument();
            document.Json["spec"]!["volumeName"] = NameOf(at);
            await site.Client.CreateAsync(VolumeSite.Claims, document, WriteOptions.Default, Cancel);
        }

        private Task<LogicalVolume?> LogicalAsync(string name) => site.Client.FindAsync(VolumeSite.LogicalVolumes, new(null, name), Cancel);

        private Task<PersistentVolume?> PersistentAsync(string name) => site.Client.FindAsync(PersistentVolume.Kind, new(null, name), Cancel);

        private static OrphanKind KindOf(Part part) => part switch
        {
            Part.Retained => OrphanKind.Retained,
            Part.PersistentVolumeAlone => OrphanKind.PersistentVolume,
            _ => OrphanKind.LogicalVolume,
        };
    }
}
