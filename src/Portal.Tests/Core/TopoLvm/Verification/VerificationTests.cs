using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Verification;
using Portal.Simulator;
using Portal.Tests.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Verification;

public sealed class VerificationTests : LifeTest
{
    protected override Scenario Scenario => Scenario.WithEdgeadm;

    [Fact]
    public async Task A_verification_that_dies_before_any_of_its_writes_begins_anew_and_leaves_nothing()
    {
        using var end = new CancellationTokenSource();
        var watch = new ClusterWatch(Client, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        var watching = watch.RunAsync(end.Token);
        await watch.Live.UntilAsync(cluster => StorageState.From(cluster) is { Installation.IsReady: true } storage && storage.Nodes.Count(node => node.IsServing && node.Classes.Any()) == 3, Cancel);
        var operation = VerificationOperation.FromJson(new VerificationSpec { StorageClass = "topolvm-provisioner" }.ToJson());

        var deaths = 0;
        while (!await RunAsync(operation, new OperationContext(Client, watch.Live, TimeProvider.System), diesBefore: deaths + 1)) deaths++;

        Assert.InRange(deaths, 8, 40);
        Assert.Empty((await Client.ListAllAsync(PersistentVolumeClaim.Kind, ListQuery.All, Cancel)).Items);
        Assert.Empty((await Client.ListAllAsync(Pod.Kind, new ListQuery { Namespace = "default" }, Cancel)).Items);
        Assert.All(Cluster.Nodes, node => Assert.All(node.State.Current.Storage.VolumeGroups.Values, group => Assert.Empty(group.Volumes)));
        await end.CancelAsync();
        await watching;
    }

    [Fact]
    public void What_a_container_is_told_never_becomes_part_of_a_script()
    {
        var spec = new VerificationSpec { StorageClass = "ssd", Token = "'; rm -rf / #" };

        var command = VerificationObjects.Writer(spec, TopoLvmNames.Legacy).Json["spec"]!["containers"]![0]!["command"]!.AsArray();

        Assert.Equal(spec.Token, (string?)command[4]);
        Assert.DoesNotContain(spec.Token, (string?)command[2]);
    }

    private static async Task<bool> RunAsync(Operation operation, OperationContext context, int diesBefore)
    {
        var writes = 0;
        var user = new UserCluster(context.Client, (_, _) => ++writes >= diesBefore ? throw new DeathException() : Task.CompletedTask);
        try
        {
            foreach (var step in await operation.PlanAsync(context, Cancel)) await step.RunAsync(new StepRun(context, user, _ => { }), Cancel);
            return true;
        }
        catch (DeathException)
        {
            return false;
        }
    }

    private sealed class DeathException : Exception;
}
