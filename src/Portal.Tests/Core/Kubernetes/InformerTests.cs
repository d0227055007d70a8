using static Portal.Tests.Core.Kubernetes.WatchedNodes;

namespace Portal.Tests.Core.Kubernetes;

public sealed class InformerTests
{
    private readonly WatchedNodes _nodes = new();

    [Fact]
    public async Task A_list_of_several_pages_is_one_snapshot()
    {
        _nodes.List = context => context.JsonAsync(context.Request.Query["continue"].ToString() switch
        {
            "" => PageOf(7, "second", "a", "b"),
            "second" => PageOf(7, "third", "c"),
            _ => PageOf(7, null, "d"),
        });
        await using var informer = await RunningInformer.StartAsync(_nodes);

        await informer.HoldsAsync("a", "b", "c", "d");
        var watch = await _nodes.NextWatchAsync();

        Assert.Equal("7", watch.ResourceVersion);
        Assert.Equal("true", watch.Query["allowWatchBookmarks"]);
        Assert.InRange(int.Parse(watch.Query["timeoutSeconds"], System.Globalization.CultureInfo.InvariantCulture), 300, 600);
        Assert.Contains("limit=500", informer.Requests.First());
    }

    [Fact]
    public async Task A_list_that_expires_between_two_pages_is_read_anew_in_one_piece()
    {
        _nodes.List = context => context.Request.Query switch
        {
            var query when query["continue"] == "second" => context.StatusAsync(410, "Expired"),
            var query when query.ContainsKey("limit") => context.JsonAsync(PageOf(7, "second", "a", "stale")),
            _ => context.JsonAsync(ListOf(9, "a", "b")),
        };
        await using var informer = await RunningInformer.StartAsync(_nodes);

        await informer.HoldsAsync("a", "b");

        Assert.Equal("9", (await _nodes.NextWatchAsync()).ResourceVersion);
    }

    [Fact]
    public async Task Events_add_change_and_remove()
    {
        _nodes.List = context => context.JsonAsync(ListOf(1, "a", "b"));
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var watch = await _nodes.NextWatchAsync();

        await watch.SendAsync(Event("ADDED", "c", 2), Event("MODIFIED", "a", 3), Event("DELETED", "b", 4));

        var snapshot = await informer.HoldsAsync("a", "c");
        Assert.Equal("3", snapshot.Items[new(null, "a")].Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Events_that_arrive_together_become_one_snapshot()
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var watch = await _nodes.NextWatchAsync();
        var published = 0;
        using var subscription = informer.Informer.Live.Subscribe(() => Interlocked.Increment(ref published));

        await watch.SendAsync([.. Enumerable.Range(2, 100).Select(i => Event("ADDED", "node-" + i, i))]);
        await informer.ReachesAsync(snapshot => snapshot.Items.Count == 100);

        // The lines may be split over a few reads of the socket, but not over a hundred.
        Assert.InRange(published, 1, 10);
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_resumes_after_the_last_event()
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();
        await first.SendAsync(Event("ADDED", "a", 5));
        await informer.HoldsAsync("a");

        first.End();
        var second = await _nodes.NextWatchAsync();

        Assert.Equal("5", second.ResourceVersion);
        Assert.Null(informer.Current.Freshness.Problem);
        Assert.Single(informer.Requests, request => !request.Contains("watch=true"));
    }

    [Fact]
    public async Task A_bookmark_moves_the_place_to_resume_at_and_the_age_but_no_object()
    {
        _nodes.List = context => context.JsonAsync(ListOf(1, "a"));
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();
        var before = await informer.HoldsAsync("a");
        informer.Time.Advance(TimeSpan.FromMinutes(1));

        await first.SendAsync(Bookmark(42));
        var after = await informer.ReachesAsync(snapshot => snapshot.Freshness.AsOf > before.Freshness.AsOf);
        first.End();

        Assert.Equal(informer.Time.GetUtcNow(), after.Freshness.AsOf);
        Assert.Same(before.Items, after.Items);
        Assert.Equal("42", (await _nodes.NextWatchAsync()).ResourceVersion);
    }

    [Fact]
    public async Task A_cut_watch_says_so_and_resumes_after_a_pause()
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();
        await first.SendAsync(Event("ADDED", "a", 5));
        var before = await informer.HoldsAsync("a");

        first.Cut();
        var cut = await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is not null);
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));
        var second = await _nodes.NextWatchAsync();

        Assert.Equal(before.Freshness.AsOf, cut.Freshness.AsOf);
        Assert.Same(before.Items, cut.Items);
        Assert.Equal("5", second.ResourceVersion);
        await informer.HoldsAsync("a");
    }

    [Fact]
    public async Task An_event_that_is_cut_in_the_middle_is_not_lost()
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();

        await first.SendAsync(Event("ADDED", "a", 5));
        await first.SendPartAsync(Event("ADDED", "b", 6)[..20]);
        await informer.HoldsAsync("a");
        first.End();
        await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is IOException);
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));
        var second = await _nodes.NextWatchAsync();
        await second.SendAsync(Event("ADDED", "b", 6));

        Assert.Equal("5", second.ResourceVersion);
        await informer.HoldsAsync("a", "b");
    }

    [Theory]
    [InlineData("this is no event")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":7}}""")]
    [InlineData("""{"type":"SURPRISE","object":{"metadata":{"name":"x"}}}""")]
    [InlineData("""{"type":7,"object":{"metadata":{"name":"x"}}}""")]
    public async Task A_garbage_line_means_to_reconnect_after_the_events_before_it(string garbage)
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();

        await first.SendAsync(Event("ADDED", "a", 5), garbage, Event("ADDED", "never", 6));
        await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is not null);
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));
        var second = await _nodes.NextWatchAsync();

        Assert.Equal("5", second.ResourceVersion);
        await informer.HoldsAsync("a");
    }

    [Fact]
    public async Task A_deleted_object_disappears_after_a_missed_watch()
    {
        _nodes.List = context => context.JsonAsync(ListOf(1, "a", "b"));
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();
        var before = await informer.HoldsAsync("a", "b");

        _nodes.List = context => context.JsonAsync(ListOf(90, "b", "c"));
        await first.SendAsync(Error(410, "Expired"));
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));
        var after = await informer.HoldsAsync("b", "c");

        Assert.Equal("90", (await _nodes.NextWatchAsync()).ResourceVersion);
        Assert.Same(before.Items[new(null, "b")], after.Items[new(null, "b")]);
    }

    [Fact]
    public async Task A_watch_that_is_refused_with_410_leads_to_a_new_list()
    {
        _nodes.Refuse = async context =>
        {
            if (context.Request.Query["resourceVersion"] != "1") return false;
            await context.StatusAsync(410, "Gone");
            return true;
        };
        await using var informer = await RunningInformer.StartAsync(_nodes);
        await informer.HoldsAsync();

        _nodes.List = context => context.JsonAsync(ListOf(8, "a"));
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));

        await informer.HoldsAsync("a");
        Assert.Equal("8", (await _nodes.NextWatchAsync()).ResourceVersion);
    }

    [Fact]
    public async Task A_silent_watch_is_cut_and_resumed()
    {
        await using var informer = await RunningInformer.StartAsync(_nodes);
        var first = await _nodes.NextWatchAsync();
        await first.SendAsync(Event("ADDED", "a", 5));
        await informer.HoldsAsync("a");

        informer.Time.Advance(TimeSpan.FromSeconds(149));
        Assert.Null(informer.Current.Freshness.Problem);
        informer.Time.Advance(TimeSpan.FromSeconds(2));
        await first.AbandonedAsync();
        var silent = await informer.ReachesAsync(snapshot => snapshot.Freshness.Problem is not null);
        await informer.AfterPauseAsync(TimeSpan.FromMilliseconds(500));

        Assert.IsType<TimeoutException>(silent.Freshness.Problem);
        Assert.Equal("5", (await _nodes.NextWatchAsync()).ResourceVersion);
    }
}
