using Portal.Core.Kubernetes;
using Portal.Tests.Contract;

namespace Portal.Tests.Testing.Tests;

public sealed class GateProxyTests(SimulatedTestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_write_held_before_its_effect_never_happens_when_its_sender_dies()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await using var proxy = await GateProxy.StartAsync(Cluster.Connection, Cancel);
        using var client = new KubeClient(new KubeConnection(proxy.Url, "proxy"));
        using var sender = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var gate = proxy.Hold(GateMoment.BeforeEffect, write => write.Method == "POST");
        var creating = client.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "held", "a"), WriteOptions.Default, sender.Token);
        Assert.Equal($"POST /api/v1/namespaces/{ns}/configmaps", (await gate.Reached.WaitAsync(Cancel)).ToString());
        await sender.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
        // A later write through the same proxy shows that the held one is not merely late.
        await client.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "later", "b"), WriteOptions.Default, Cancel);
        Assert.Null(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "held"), Cancel));
    }

    [Fact]
    public async Task A_write_held_after_its_effect_has_happened_while_its_sender_still_waits()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await using var proxy = await GateProxy.StartAsync(Cluster.Connection, Cancel);
        using var client = new KubeClient(new KubeConnection(proxy.Url, "proxy"));
        var gate = proxy.Hold(GateMoment.AfterEffect, write => write.Method == "POST");
        var creating = client.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "held", "a"), WriteOptions.Default, Cancel);
        await gate.Reached.WaitAsync(Cancel);
        Assert.NotNull(await Admin.FindAsync(ConfigMaps.Kind, new(ns, "held"), Cancel));
        Assert.False(creating.IsCompleted);
        gate.Open();
        Assert.Equal("held", (await creating).Name);
    }

    [Fact]
    public async Task Reads_and_dry_runs_pass_a_gate()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        await using var proxy = await GateProxy.StartAsync(Cluster.Connection, Cancel);
        using var client = new KubeClient(new KubeConnection(proxy.Url, "proxy"));
        var gate = proxy.Hold(GateMoment.BeforeEffect, _ => true);
        await client.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "tried", "a"), new() { DryRun = true }, Cancel);
        var list = await client.ListAsync(ConfigMaps.Kind, new() { Namespace = ns, FieldSelector = "metadata.name=seen" }, Cancel);
        await Admin.CreateAsync(ConfigMaps.Kind, ConfigMaps.New(ns, "seen", "a"), WriteOptions.Default, Cancel);
        await foreach (var seen in client.WatchAsync(ConfigMaps.Kind, new() { Namespace = ns }, list.ResourceVersion, TimeSpan.FromMinutes(1), Cancel))
        {
            if (seen.Object.Name == "seen") break;
        }
        Assert.False(gate.Reached.IsCompleted);
    }
}
