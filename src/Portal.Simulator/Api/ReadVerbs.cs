using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Get, list and watch.</summary>
internal sealed class ReadVerbs(ObjectStore store, SimulatedApiServerOptions options)
{
    public Task GetAsync(ApiRequest request) =>
        request.AnswerAsync(store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!));

    public async Task ListAsync(ApiRequest request, CancellationToken cancel)
    {
        var filter = ObjectFilter.Of(request);
        var page = Page.Of(request, store, filter);
        var output = request.Http.Response.BodyWriter;
        request.Http.Response.ContentType = "application/json";
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is not null) metadata["continue"] = page.Continue;
        if (page.Remaining is not null) metadata["remainingItemCount"] = page.Remaining;
        Write(output, $"{{\"kind\":\"{request.Type.ListKind}\",\"apiVersion\":\"{request.ApiVersion}\",\"metadata\":{metadata.ToJsonString()},\"items\":[");
        for (var i = 0; i < page.Items.Count; i++)
        {
            if (i > 0) Write(output, ",");
            // Built-in lists leave apiVersion and kind out of their items; those of custom resources carry them.
            page.Items[i].WriteTo(output, request.Type.IsCustom ? request.ApiVersion : null, request.Type.Kind);
            if (i % 256 == 255) await output.FlushAsync(cancel);
        }
        Write(output, "]}\n");
        await output.FlushAsync(cancel);
    }

    public async Task WatchAsync(ApiRequest request, CancellationToken cancel)
    {
        var filter = ObjectFilter.Of(request);
        var from = request.Query("resourceVersion");
        long? after = string.IsNullOrEmpty(from) || from == "0" ? null
            : long.TryParse(from, CultureInfo.InvariantCulture, out var revision) ? revision
            : throw Refusal.BadRequest($"Invalid value: \"{from}\": a resource version must be a number");
        var output = request.Http.Response.BodyWriter;
        request.Http.Response.ContentType = "application/json";
        WatchStream watch;
        try
        {
            watch = store.Watch(request.Type, after);
        }
        catch (RefusalException expired) when (expired.Code == 410)
        {
            Write(output, $"{{\"type\":\"ERROR\",\"object\":{expired.Status().ToJsonString()}}}\n");
            await output.FlushAsync(cancel);
            return;
        }
        using (watch)
        {
            var timeout = int.TryParse(request.Query("timeoutSeconds"), CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(seconds) : options.DefaultWatchTimeout;
            using var end = new CancellationTokenSource(timeout, options.TimeProvider);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancel);
            await output.FlushAsync(cancel);
            try
            {
                await DeliverAsync(request, watch, filter, stop.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                if (request.Flag("allowWatchBookmarks")) await BookmarkAsync(request, watch, filter, cancel);
            }
        }
    }

    private async Task DeliverAsync(ApiRequest request, WatchStream watch, ObjectFilter filter, CancellationToken stop)
    {
        var bookmarks = request.Flag("allowWatchBookmarks");
        using var due = new PeriodicTimer(options.BookmarkEvery, options.TimeProvider);
        var tick = due.WaitForNextTickAsync(stop).AsTask();
        var more = watch.Changes.WaitToReadAsync(stop).AsTask();
        while (true)
        {
            if (await Task.WhenAny(more, tick) == tick)
            {
                await tick;
                if (bookmarks) await BookmarkAsync(request, watch, filter, stop);
                tick = due.WaitForNextTickAsync(stop).AsTask();
            }
            if (!more.IsCompleted) continue;
            if (!await more)
            {
                await BreakOffAsync(request, watch, filter, stop);
                return;
            }
            Drain(request, watch, filter);
            await request.Http.Response.BodyWriter.FlushAsync(stop);
            more = watch.Changes.WaitToReadAsync(stop).AsTask();
        }
    }

    private async Task BookmarkAsync(ApiRequest request, WatchStream watch, ObjectFilter filter, CancellationToken cancel)
    {
        // The revision first: every change up to it has been offered by then, and goes out before the bookmark.
        var revision = store.Snapshot(request.Type).Revision;
        Drain(request, watch, filter);
        Write(request.Http.Response.BodyWriter, $"{{\"type\":\"BOOKMARK\",\"object\":{{\"kind\":\"{request.Type.Kind}\",\"apiVersion\":\"{request.ApiVersion}\","
            + $"\"metadata\":{{\"resourceVersion\":\"{revision}\",\"creationTimestamp\":null}}}}}}\n");
        await request.Http.Response.BodyWriter.FlushAsync(cancel);
    }

    private static async Task BreakOffAsync(ApiRequest request, WatchStream watch, ObjectFilter filter, CancellationToken stop)
    {
        Drain(request, watch, filter);
        if (watch.Broken is { Length: > 0 } line) Write(request.Http.Response.BodyWriter, line + "\n");
        await request.Http.Response.BodyWriter.FlushAsync(stop);
        if (watch.Broken is "") request.Http.Abort();
    }

    private static void Drain(ApiRequest request, WatchStream watch, ObjectFilter filter)
    {
        var output = request.Http.Response.BodyWriter;
        while (watch.Changes.TryRead(out var change))
        {
            if (filter.Seen(change) is not { } type) continue;
            Write(output, $"{{\"type\":\"{type}\",\"object\":");
            change.Object.WriteTo(output, request.ApiVersion, request.Type.Kind);
            Write(output, "}\n");
        }
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
