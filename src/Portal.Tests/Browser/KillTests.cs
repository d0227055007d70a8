using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Browser;

// Every step is a point to die at, before and after it wrote; that a death between any two single writes converges is the engine's
// own test, which needs no processes.

/// <summary>The portal gets SIGKILL before and after the writes of every step of an install and of a removal, is started again and told to
/// resume in the browser.</summary>
public abstract class KillTests(TestCluster cluster, Chromium chromium) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_portal_killed_around_every_step_leaves_what_an_undisturbed_one_leaves()
    {
        await using var proxy = await GateProxy.StartAsync(Cluster.Connection, Cancel);
        await using var life = SimulatedLife.Start(Cluster.Connection, Scenario.Bare.Nodes.Take(3), new LifeOptions { PlaysControlPlane = false });
        await UndisturbedAsync(proxy, InstallAsync);
        var installed = await ClusterInventory.ReadAsync(Admin, Cancel);
        await UndisturbedAsync(proxy, RemoveAsync);
        var removed = await ClusterInventory.ReadAsync(Admin, Cancel);

        await KilledAsync(proxy, InstallAsync);
        await Eventually.PassesAsync(async () => Assert.Equal(installed, await ClusterInventory.ReadAsync(Admin, Cancel)), Cancel);
        await KilledAsync(proxy, RemoveAsync);
        await Eventually.PassesAsync(async () => Assert.Equal(removed, await ClusterInventory.ReadAsync(Admin, Cancel)), Cancel);
    }

    private async Task UndisturbedAsync(GateProxy proxy, Func<MortalPortal, Task> start)
    {
        using var folder = new TemporaryFolder();
        await using var portal = new MortalPortal(chromium, PlainKubeconfig.Write(folder, proxy.Url));
        await portal.StartAsync(Cancel);
        await start(portal);
        await portal.OperationDoneAsync();
    }

    private async Task KilledAsync(GateProxy proxy, Func<MortalPortal, Task> start)
    {
        using var folder = new TemporaryFolder();
        await using var portal = new MortalPortal(chromium, PlainKubeconfig.Write(folder, proxy.Url));
        HashSet<string> killedBefore = [], killedAfter = [];
        var gate = HoldNext(proxy, GateMoment.BeforeEffect, killedBefore);
        await portal.StartAsync(Cancel);
        await start(portal);
        while (await IsHeldAsync(gate, portal.OperationDoneAsync()))
        {
            await portal.KillAsync();
            var isBefore = gate.Moment == GateMoment.BeforeEffect;
            (isBefore ? killedBefore : killedAfter).Add(PointOf(await gate.Reached));
            gate = isBefore ? HoldNext(proxy, GateMoment.AfterEffect, killedAfter) : HoldNext(proxy, GateMoment.BeforeEffect, killedBefore);
            await portal.StartAsync(Cancel);
            await portal.ResumeAsync();
        }
        gate.Open();
        Assert.NotEmpty(killedAfter);
        Assert.Equal(killedBefore, killedAfter);
    }

    private static Gate HoldNext(GateProxy proxy, GateMoment moment, HashSet<string> killed) => proxy.Hold(moment, write => !killed.Contains(PointOf(write)));

    private static async Task<bool> IsHeldAsync(Gate gate, Task operation)
    {
        if (await Task.WhenAny(gate.Reached, operation) != operation) return true;
        await operation;
        return false;
    }

    // A step writes several kinds of objects; a point stands for all of one step, apart for what it creates, changes and deletes.
    private static string PointOf(GatedWrite write)
    {
        var parts = write.Path.Split('/');
        var (kind, name) = write.Method == "POST" ? (parts[^1], "") : (parts[^2], parts[^1]);
        return write.Method + " " + kind switch
        {
            "serviceaccounts" or "clusterroles" or "clusterrolebindings" or "roles" or "rolebindings" or "podsecuritypolicies" => "access",
            "csidrivers" or "storageclasses" => "storage",
            "deployments" or "services" => "controller",
            "daemonsets" when name.Contains("scheduler", StringComparison.Ordinal) => "scheduler",
            _ => kind,
        };
    }

    private static Task InstallAsync(MortalPortal portal) => portal.PressAsync("/install", "Install TopoLVM");

    private static Task RemoveAsync(MortalPortal portal) => portal.PressAsync("/install", "Remove TopoLVM");
}

public sealed class SimulatedKillTests(SimulatedTestCluster cluster, Chromium chromium)
    : KillTests(cluster, chromium), IClassFixture<SimulatedTestCluster>, IClassFixture<Chromium>;

public sealed class RealKillTests(RealTestCluster cluster, Chromium chromium)
    : KillTests(cluster, chromium), IClassFixture<RealTestCluster>, IClassFixture<Chromium>;
