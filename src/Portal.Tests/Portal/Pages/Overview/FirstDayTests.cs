using Portal.Core.TopoLvm;
using Portal.Pages.Overview;

namespace Portal.Tests.Portal.Pages.Overview;

public sealed class FirstDayTests
{
    [Fact]
    public void In_an_empty_cluster_the_install_comes_next()
    {
        var steps = FirstDay.Steps(isRead: true, StorageState.Empty);

        Assert.Equal(
            [FirstDayStepState.Done, FirstDayStepState.Next, FirstDayStepState.Later, FirstDayStepState.Later, FirstDayStepState.Later],
            steps.Select(step => step.State));
    }

    [Fact]
    public void Before_the_cluster_is_read_nothing_else_is_offered() =>
        Assert.Equal(FirstDayStepId.Connect, FirstDay.Steps(isRead: false, StorageState.Empty).Single(step => step.State == FirstDayStepState.Next).Id);

    [Fact]
    public void A_step_that_was_done_early_stays_done()
    {
        var enabled = new StorageNode("edge-1", false, true, null, IsEnabled: true, []);

        var steps = FirstDay.Steps(isRead: true, StorageState.Empty with { Nodes = [enabled] });

        Assert.Equal(FirstDayStepState.Done, steps.Single(step => step.Id == FirstDayStepId.EnableNodes).State);
        Assert.Equal(FirstDayStepState.Next, steps.Single(step => step.Id == FirstDayStepId.Install).State);
    }
}
