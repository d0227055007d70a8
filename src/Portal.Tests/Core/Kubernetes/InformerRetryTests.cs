using Portal.Core.Kubernetes;
using static Portal.Tests.Core.Kubernetes.WatchedNodes;

namespace Portal.Tests.Core.Kubernetes;

public sealed class InformerRetryTests
{
    private readonly WatchedNodes _nodes = new();

    [Fact]
    public async Task Pauses_double_up_to_a_limit_and_start_anew_after_a_success()
    {
        _nodes.List = context => context.StatusAsync(500, "InternalError");
        await using var informer = await RunningInformer.StartAsync(_nodes);
        Exception? last = null;

        // Each pause ends at the moment it is due, and at least after half of its full length. (A clock moved further would count what is left into the next.)
        foreach (var full in new[] { 0.5, 1, 2, 4, 8, 16, 30, 30 })
        {
            last = await informer.FailsAgainAsync(last);
            await informer.PausesAsync(TimeSpan.FromSeconds(full));
            Assert.InRange(informer.Time.AdvanceToNextTimer().TotalSeconds, full / 2, full);
        }

        await informer.FailsAgainAsync(last);
        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        await informer.AfterPauseAsync(TimeSpan.FromSeconds(30));
        await informer.HoldsAsync("a");
        (await _nodes.NextWatchAsync()).Cut();
        await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is not null);
        await informer.AfterPauseAsync(TimeSpan.FromSeconds(0.5));
        await _nodes.NextWatchAsync();
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_left_alone_for_so_long()
    {
        var asked = new SemaphoreSlim(0);
        _nodes.List = context =>
        {
            asked.Release();
            context.Response.Headers.RetryAfter = "45";
            return context.StatusAsync(429, "TooManyRequests");
        };
        await using var informer = await RunningInformer.StartAsync(_nodes);
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        await informer.FailsAgainAsync(null);
        await informer.PausesAsync(TimeSpan.FromSeconds(45));
        informer.Time.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal(0, asked.CurrentCount);

        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        informer.Time.Advance(TimeSpan.FromSeconds(1));

        await informer.HoldsAsync("a");
    }

    [Fact]
    public async Task Before_the_first_list_nothing_is_claimed_to_be_current()
    {
        _nodes.List = context => context.StatusAsync(403, "Forbidden");
        await using var informer = await RunningInformer.StartAsync(_nodes);

        var snapshot = await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is not null);

        Assert.Null(snapshot.Freshness.AsOf);
        Assert.False(snapshot.Freshness.IsLive);
        Assert.True(Assert.IsType<KubeException>(snapshot.Freshness.Problem).IsForbidden);
    }

    [Fact]
    public async Task A_kind_that_is_not_served_is_no_problem_and_looked_for_again()
    {
        _nodes.List = context => context.StatusAsync(404, "NotFound");
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var missing = await informer.ReachesAsync(snapshot => !snapshot.IsServed);
        Assert.True(missing.Freshness.IsLive);

        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        await informer.AfterPauseAsync(TimeSpan.FromSeconds(10));

        Assert.True((await informer.HoldsAsync("a")).IsServed);
    }

    [Fact]
    public async Task A_recheck_finds_a_new_kind_at_once()
    {
        _nodes.List = context => context.StatusAsync(404, "NotFound");
        await using var informer = await RunningInformer.StartAsync(_nodes);
        await informer.ReachesAsync(snapshot => !snapshot.IsServed);

        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        informer.Informer.Recheck();

        await informer.HoldsAsync("a");
    }

    [Fact]
    public async Task A_kind_that_goes_away_takes_its_objects_with_it()
    {
        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var watch = await _nodes.NextWatchAsync();
        await informer.HoldsAsync("a");

        _nodes.List = context => context.StatusAsync(404, "NotFound");
        _nodes.Refuse = async context =>
        {
            await context.StatusAsync(404, "NotFound");
            return true;
        };
        await watch.SendAsync(Bookmark(2));
        watch.End();
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));

        Assert.Empty((await informer.ReachesAsync(snapshot => !snapshot.IsServed)).Items);
    }
}
