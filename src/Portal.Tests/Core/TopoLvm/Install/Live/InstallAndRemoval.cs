using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>Install and removal against an API server, on nodes that live.</summary>
public abstract class InstallAndRemoval(TestCluster cluster) : InstallSiteTest(cluster)
{
    [Theory]
    [InlineData("superedge-0.10.0")]
    [InlineData("upstream-0.41.0")]
    [InlineData("upstream-0.41.0-legacy")]
    public async Task What_is_installed_is_what_was_planned_and_a_removal_leaves_nothing(string profile)
    {
        var before = await ClusterContents.OfAsync(Admin, Cancel);
        var spec = new InstallSpec { ProfileId = profile };
        Assert.All(await PreviewAsync(spec), preview => Assert.True(preview.State is PreviewState.Create or PreviewState.Change, $"{preview.Name}: {preview.State} {preview.Note?.English}"));
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));

        await Site.RunAsync(new InstallOperation(spec), Cancel);

        Assert.All(await PreviewAsync(spec), preview => Assert.True(preview.State is PreviewState.Unchanged or PreviewState.Kept, $"{preview.Name}: {preview.State} {preview.Note?.English}\n{preview.Before}\n{preview.After}"));
        Assert.True(Installation.Find(Site.Context.Cluster.Current) is { IsReady: true, Namespace: "topolvm-system" });

        var removal = new RemovalSpec { Group = spec.Profile()!.Names.Group, DeleteData = true };
        await Site.RunAsync(new RemovalOperation(removal), Cancel);

        Assert.Empty(await Leftovers.FindAsync(Admin, removal, Cancel));
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));
    }

    [Fact]
    public async Task An_install_and_a_removal_that_die_before_any_of_their_writes_converge_when_they_are_run_again()
    {
        var before = await ClusterContents.OfAsync(Admin, Cancel);
        var install = new InstallOperation(new());
        var deaths = await DieEverywhereAsync(install, write => write);
        Assert.True(deaths > 30, $"an install of {deaths} writes");

        await Site.RunAsync(new InstallOperation(new()), Cancel);
        Assert.True(Installation.Find(Site.Context.Cluster.Current) is { IsReady: true });
        Assert.Equal(37 + 1, (await FactGathering.GatherAsync(Admin, new(), TimeProvider.System, Cancel)).Live.Count);

        var removal = new RemovalSpec { DeleteData = true };
        // A removal does less each time: what is gone is not deleted again, so that the next write is always the second.
        deaths = await DieEverywhereAsync(new RemovalOperation(removal), _ => 2);
        Assert.True(deaths > 30, $"a removal of {deaths} writes");
        Assert.Empty(await Leftovers.FindAsync(Admin, removal, Cancel));
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));
    }

    [Fact]
    public async Task A_removal_that_keeps_data_keeps_the_custom_resource_definition_alone()
    {
        var before = await ClusterContents.OfAsync(Admin, Cancel);
        await Site.RunAsync(new InstallOperation(new()), Cancel);

        await Site.RunAsync(new RemovalOperation(new()), Cancel);

        var after = await ClusterContents.OfAsync(Admin, Cancel);
        Assert.Empty(before.Except(after));
        Assert.All(after.Except(before), line => Assert.Contains("topolvm.cybozu.com", line, StringComparison.Ordinal));
        Assert.Empty(await Leftovers.FindAsync(Admin, new(), Cancel));
        await Site.RunAsync(new RemovalOperation(new() { DeleteData = true }), Cancel);
        Assert.Equal(before, await ClusterContents.OfAsync(Admin, Cancel));
    }

    private async Task<IEnumerable<ObjectPreview>> PreviewAsync(InstallSpec spec)
    {
        var facts = await FactGathering.GatherAsync(Admin, spec, TimeProvider.System, Cancel);
        return await InstallPreview.MakeAsync(Admin, InstallPlan.For(spec, facts), facts, Cancel);
    }

    private async Task<int> DieEverywhereAsync(Operation operation, Func<int, int> nextDeath)
    {
        for (var deaths = 0; ; deaths++)
        {
            if (await Site.RunAsync(operation, nextDeath(deaths + 1), Cancel)) return deaths;
        }
    }
}

public sealed class RealInstallAndRemoval(RealTestCluster cluster) : InstallAndRemoval(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedInstallAndRemoval(SimulatedTestCluster cluster) : InstallAndRemoval(cluster), IClassFixture<SimulatedTestCluster>;
