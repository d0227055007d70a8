using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;
using static Portal.Tests.Core.Kubernetes.WatchedNodes;

namespace Portal.Tests.Core.Kubernetes;

public sealed class KubeClientTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private RequestDelegate _answer = context => context.JsonAsync(NodeOf("a", 1));
    private ScriptedServer _server = null!;
    private KubeClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync(context => _answer(context));
        _client = new KubeClient(_server.Connection, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_gets_no_answer_ends_after_half_a_minute()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        var request = GetAsync();
        await asked.Task.WaitAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(30));
        var problem = await Assert.ThrowsAsync<KubeUnreachableException>(() => request);

        Assert.Contains("did not answer in time", KubeProblem.Explain(problem).English);
    }

    [Fact]
    public async Task An_answer_that_stops_in_the_middle_ends_after_half_a_minute()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async context =>
        {
            await context.Response.WriteAsync("{\"metadata\":", Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        var request = _client.ListAsync(Node.Kind, ListQuery.All, Cancel);
        await begun.Task.WaitAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<KubeUnreachableException>(() => request);
    }

    [Theory]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "ServerTimeout")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task A_server_that_asks_to_come_back_later_is_asked_again_then(int code, string reason)
    {
        _answer = context =>
        {
            if (_server.Requests.Count > 1) return context.JsonAsync(NodeOf("a", 1));
            context.Response.Headers.RetryAfter = "7";
            return context.StatusAsync(code, reason);
        };

        var request = GetAsync();
        await _time.TimerDueWithinAsync(TimeSpan.FromSeconds(7)).WaitAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Single(_server.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("a", (await request).Metadata.Name);
    }

    [Fact]
    public async Task A_wait_that_would_take_too_long_is_left_to_the_caller()
    {
        _answer = context =>
        {
            context.Response.Headers.RetryAfter = "60";
            return context.StatusAsync(429, "TooManyRequests");
        };

        var busy = await Assert.ThrowsAsync<KubeException>(GetAsync);

        Assert.Equal(TimeSpan.FromMinutes(1), busy.RetryAfter);
        Assert.Contains("asks to wait 60 s", KubeProblem.Explain(busy).English);
    }

    [Theory]
    [InlineData("<html>Please sign in</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_the_APIs_is_said_to_be_none(string answer)
    {
        _answer = context => context.Response.WriteAsync(answer, Cancel);

        foreach (var request in new Func<Task>[] { GetAsync, () => _client.ListAsync(Node.Kind, ListQuery.All, Cancel) })
        {
            var problem = await Assert.ThrowsAsync<KubeUnreachableException>(request);
            Assert.Contains("not a Kubernetes API server", KubeProblem.Explain(problem).English);
        }
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":null}""", 0)]
    [InlineData("""{"items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"5","continue":""},"kind":"NodeList"}""", 1)]
    public async Task Lists_may_be_null_or_in_any_order(string json, int count)
    {
        _answer = context => context.JsonAsync(json);

        var list = await _client.ListAsync(Node.Kind, ListQuery.All, Cancel);

        Assert.Equal(count, list.Items.Length);
        Assert.Equal("5", list.ResourceVersion);
        Assert.Null(list.Continue);
    }

    [Fact]
    public async Task Documents_of_a_list_know_their_kind()
    {
        _answer = context => context.JsonAsync(ListOf(1, "a"));
        var kind = new KubeKind<KubeObject>("", "v1", "nodes", "Node", false, KubeJson.Of<KubeObject>());

        var item = Assert.Single((await _client.ListAsync(kind, ListQuery.All, Cancel)).Items);

        Assert.Equal(("v1", "Node", "a"), (item.ApiVersion, item.Kind, item.Name));
    }

    [Fact]
    public async Task Warnings_reach_whoever_asks_for_them()
    {
        var warnings = new List<string>();
        _answer = context =>
        {
            context.Response.Headers.Append("Warning", "299 - \"policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+\"");
            context.Response.Headers.Append("Warning", "299 - \"unknown field \\\"spec.x\\\"\"");
            return context.JsonAsync(NodeOf("a", 1));
        };

        await _client.PatchAsync(Node.Kind, new(null, "a"), Patch.Merge("{}"), new WriteOptions { DryRun = true, OnWarning = warnings.Add }, Cancel);

        Assert.Equal(["policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+", "unknown field \"spec.x\""], warnings);
        Assert.Equal("PATCH /api/v1/nodes/a?fieldManager=topolvm-portal&dryRun=All", Assert.Single(_server.Requests));
    }

    [Fact]
    public async Task A_missing_object_is_null_and_deleting_it_is_false()
    {
        _answer = context => context.StatusAsync(404, "NotFound");

        Assert.Null(await _client.FindAsync(Node.Kind, new(null, "a"), Cancel));
        Assert.False(await _client.DeleteAsync(Node.Kind, new(null, "a"), DeleteOptions.Default, Cancel));
    }

    [Fact]
    public async Task A_log_comes_line_by_line()
    {
        _answer = context => context.Response.WriteAsync("one\ntwo\nthree", Cancel);

        var lines = new List<string>();
        await foreach (var line in _client.LogAsync(new("ns", "pod"), new LogQuery { Container = "c", TailLines = 3 }, Cancel)) lines.Add(line);

        Assert.Equal(["one", "two", "three"], lines);
        Assert.Equal("GET /api/v1/namespaces/ns/pods/pod/log?container=c&tailLines=3", Assert.Single(_server.Requests));
    }

    [Fact]
    public async Task What_stands_behind_the_proxy_answers_as_it_is()
    {
        _answer = context => context.Response.WriteAsync("# metrics", Cancel);

        var answer = await _client.GetThroughAsync(ProxyTarget.Pods, new("ns", "pod:8080"), "metrics?x=1", Cancel);

        Assert.Equal("# metrics"u8.ToArray(), answer);
        Assert.Equal("GET /api/v1/namespaces/ns/pods/pod:8080/proxy/metrics?x=1", Assert.Single(_server.Requests));
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled_and_nothing_else()
    {
        using var stop = new CancellationTokenSource();
        _answer = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetAsync(Node.Kind, new(null, "a"), stop.Token));
    }

    private Task<Node> GetAsync() => _client.GetAsync(Node.Kind, new(null, "a"), Cancel);
}
