using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Volumes;

/// <summary>An API server with TopoLVM's kind and a class that can grow, where no node lives: claims, PersistentVolumes and LogicalVolumes are what a
/// test writes.</summary>
internal sealed class VolumeSite : IAsyncDisposable
{
    public static readonly string Group = TopoLvmNames.Legacy.Group;
    public static readonly KubeKind<LogicalVolume> LogicalVolumes = LogicalVolume.KindIn(Group);

    public static readonly KubeKind<KubeObject> Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, KubeJson.Of<KubeObject>());

    private readonly CancellationTokenSource _end = new();
    private readonly ClusterWatch _watch;
    private readonly Task _watching;
    private readonly ApiResources _api;

    private VolumeSite(KubeClient client, ApiResources api)
    {
        (Client, _api) = (client, api);
        _watch = new(client, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        _watching = _watch.RunAsync(_end.Token);
    }

    public KubeClient Client { get; }

    /// <summary>What happens right before the n-th write is sent, counted from 1, after everything was looked at.</summary>
    public Func<int, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens before the n-th step, counted from 0.</summary>
    public Func<int, Task> BeforeStep { get; set; } = _ => Task.CompletedTask;

    public OperationContext Context => new(Client, _watch.Live, TimeProvider.System);

    public static async Task<VolumeSite> StartAsync(KubeClient client, CancellationToken cancel)
    {
        var spec = new InstallSpec();
        var facts = await FactGathering.GatherAsync(client, spec, TimeProvider.System, cancel);
        foreach (var planned in InstallPlan.For(spec, facts).Objects.Where(planned => planned.Stage == InstallStage.Definition))
            await client.ApplyAsync(planned.Kind, planned.Document, new() { Force = true }, cancel);
        await Eventually.PassesAsync(async () => Assert.True((await client.DiscoverAsync(cancel)).Serves(LogicalVolumes.ApiVersion, "LogicalVolume")), cancel);
        var site = new VolumeSite(client, await client.DiscoverAsync(cancel));
        await site.ApplyAsync("storage.k8s.io/v1", "StorageClass", null, "site", new() { ["provisioner"] = Group, ["allowVolumeExpansion"] = true }, cancel);
        await site._watch.Live.UntilAsync(cluster => cluster.IsComplete && cluster.LegacyLogicalVolumes.IsServed && cluster.StorageClasses.Items.ContainsKey(new(null, "site")), cancel);
        return site;
    }

    /// <summary>Plans an operation and runs those of its steps whose id begins so; null when none failed.</summary>
    public async Task<OperationFailedException?> RunAsync(Operation operation, CancellationToken cancel, string steps = "")
    {
        var writes = 0;
        var user = new UserCluster(Client, (_, _) => BeforeWrite(++writes));
        try
        {
            foreach (var (at, step) in (await operation.PlanAsync(Context, cancel)).Where(step => step.Id.StartsWith(steps, StringComparison.Ordinal)).Index())
            {
                await BeforeStep(at);
                await step.RunAsync(new StepRun(Context, user, _ => { }), cancel);
            }
            return null;
        }
        catch (OperationFailedException failed)
        {
            return failed;
        }
    }

    /// <summary>Waits until the watch has caught up with what the test wrote.</summary>
    public Task<ClusterSnapshot> UntilAsync(Func<ClusterSnapshot, bool> condition, CancellationToken cancel) => _watch.Live.UntilAsync(condition, cancel);

    /// <summary>A bound claim with its volumes, as TopoLVM leaves them.</summary>
    public async Task<PersistentVolumeClaim> CreateVolumeAsync(string ns, string name, string size, CancellationToken cancel)
    {
        var volume = $"pvc-{ns}-{name}";
        await CreateLogicalVolumeAsync(volume, size, cancel);
        await CreatePersistentVolumeAsync(volume, volume, size, new() { ["namespace"] = ns, ["name"] = name }, cancel);
        await ApplyAsync("v1", "PersistentVolumeClaim", ns, name, new()
        {
            ["spec"] = new JsonObject
            {
                ["storageClassName"] = "site",
                ["volumeName"] = volume,
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
            },
        }, cancel);
        var snapshot = await UntilAsync(cluster => cluster.Claims.Items.GetValueOrDefault(new(ns, name)) is { Status.Phase: "Bound" }
            && cluster.LegacyLogicalVolumes.Items.GetValueOrDefault(new(null, volume)) is { Status.VolumeID.Length: > 0 }, cancel);
        return snapshot.Claims.Items[new(ns, name)];
    }

    public async Task<LogicalVolume> CreateLogicalVolumeAsync(string name, string size, CancellationToken cancel)
    {
        await ApplyAsync(Group + "/v1", "LogicalVolume", null, name, new() { ["spec"] = new JsonObject { ["name"] = name, ["nodeName"] = "edge-1", ["size"] = size } }, cancel);
        var status = new JsonObject { ["status"] = new JsonObject { ["volumeID"] = name, ["currentSize"] = size } };
        return await Client.PatchAsync(LogicalVolumes, new(null, name), Patch.Merge(status.ToJsonString()), WriteOptions.Default, cancel, "status");
    }

    public Task CreatePersistentVolumeAsync(string name, string handle, string size, JsonObject? claim, CancellationToken cancel, string policy = "Retain")
    {
        var spec = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = size },
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["storageClassName"] = "site",
            ["persistentVolumeReclaimPolicy"] = policy,
            ["csi"] = new JsonObject { ["driver"] = Group, ["volumeHandle"] = handle },
        };
        if (claim is not null) spec["claimRef"] = claim;
        return ApplyAsync("v1", "PersistentVolume", null, name, new() { ["spec"] = spec }, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private Task<KubeObject> ApplyAsync(string apiVersion, string kind, string? ns, string name, JsonObject body, CancellationToken cancel)
    {
        (body["apiVersion"], body["kind"]) = (apiVersion, kind);
        body["metadata"] = ns is null ? new JsonObject { ["name"] = name } : new JsonObject { ["namespace"] = ns, ["name"] = name };
        return Client.ApplyAsync(_api.Find(apiVersion, kind)!, new KubeObject(body), WriteOptions.Default, cancel);
    }
}
