using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Portal.Tests.Core.Kubernetes;

/// <summary>The nodes of an API server whose lists a test sets and whose watches a test holds in its hand.</summary>
internal sealed class WatchedNodes
{
    private readonly Channel<OpenWatch> _watches = Channel.CreateUnbounded<OpenWatch>();

    /// <summary>Answers a list; replaced by tests that want a fault.</summary>
    public RequestDelegate List { get; set; } = context => context.JsonAsync(ListOf(1));

    /// <summary>Answers a watch before it opens; true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Refuse { get; set; } = _ => Task.FromResult(false);

    public async Task AnswerAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("watch"))
        {
            await List(context);
            return;
        }
        if (await Refuse(context)) return;
        var watch = new OpenWatch(context);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        _watches.Writer.TryWrite(watch);
        await watch.Ended;
    }

    /// <summary>The next watch that a client opens.</summary>
    public ValueTask<OpenWatch> NextWatchAsync() => _watches.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public static string ListOf(int version, params string[] names) => PageOf(version, null, names);

    public static string PageOf(int version, string? next, params string[] names) =>
        $$$"""{"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', names.Select(name => NodeOf(name, 1)))}}}]}""";

    public static string NodeOf(string name, int version) => $$$"""{"metadata":{"name":"{{{name}}}","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"}}""";

    public static string Event(string type, string name, int version) => $$$"""{"type":"{{{type}}}","object":{{{NodeOf(name, version)}}}}""";

    public static string Bookmark(int version) => $$$$"""{"type":"BOOKMARK","object":{"kind":"Node","apiVersion":"v1","metadata":{"resourceVersion":"{{{{version}}}}","creationTimestamp":null},"spec":{},"status":{}}}""";

    public static string Error(int code, string reason) => $$$"""{"type":"ERROR","object":{"kind":"Status","code":{{{code}}},"reason":"{{{reason}}}","message":"too old"}}""";
}

/// <summary>The server's end of one watch.</summary>
internal sealed class OpenWatch(HttpContext context)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string ResourceVersion { get; } = context.Request.Query["resourceVersion"].ToString();

    public ImmutableDictionary<string, string> Query { get; } = context.Request.Query.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToString());

    public Task Ended => _ended.Task;

    /// <summary>Sends lines in one piece.</summary>
    public async Task SendAsync(params string[] lines)
    {
        await context.Response.WriteAsync(string.Concat(lines.Select(line => line + "\n")), TestContext.Current.CancellationToken);
        await context.Response.Body.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends text without the end of its line.</summary>
    public async Task SendPartAsync(string text)
    {
        await context.Response.WriteAsync(text, TestContext.Current.CancellationToken);
        await context.Response.Body.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Completes when the client has gone away.</summary>
    public Task AbandonedAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(() => gone.TrySetResult());
        return gone.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends as servers do when the watch's time is over.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Cuts the connection.</summary>
    public void Cut()
    {
        context.Abort();
        _ended.TrySetResult();
    }
}
