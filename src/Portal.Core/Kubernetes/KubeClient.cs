using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Core.Kubernetes;

// The client of one API server. Reads go into typed records that hold only the fields the portal uses; writes are
// documents (server-side apply, patches), because a typed record would drop every field it does not know.

/// <summary>A client for one Kubernetes API server, safe for concurrent use. Every method throws <see cref="KubeException"/> when the server
/// refuses, <see cref="KubeUnreachableException"/> (an <see cref="HttpRequestException"/>) when it cannot be reached, does not answer in time or
/// answers with something else, and <see cref="KubeconfigException"/> when the credentials cannot be had.</summary>
public sealed partial class KubeClient : IDisposable
{
    /// <summary>The field manager of everything the portal writes.</summary>
    public const string FieldManager = "topolvm-portal";

    private readonly KubeTransport _transport;
    private readonly Impersonation? _impersonation;
    private readonly bool _ownsTransport;

    public KubeClient(KubeConnection connection) : this(connection, TimeProvider.System)
    {
    }

    public KubeClient(KubeConnection connection, TimeProvider time)
    {
        Connection = connection;
        _transport = new KubeTransport(connection, time);
        _ownsTransport = true;
    }

    private KubeClient(KubeClient owner, Impersonation impersonation)
    {
        Connection = owner.Connection;
        _transport = owner._transport;
        _impersonation = impersonation;
    }

    public KubeConnection Connection { get; }

    /// <summary>A client that acts in another person's name over the same connections; it lives as long as this one.</summary>
    public KubeClient As(Impersonation impersonation) => new(this, impersonation);

    public Task<T> GetAsync<T>(KubeKind<T> kind, ObjectName name, CancellationToken cancel, string? subresource = null) where T : IKubeObject =>
        SendAsync(KubeRequest.Get(kind.PathOf(name.Namespace, name.Name, subresource)), kind.Json, cancel);

    /// <summary>The object, or null when there is none.</summary>
    public async Task<T?> FindAsync<T>(KubeKind<T> kind, ObjectName name, CancellationToken cancel) where T : class, IKubeObject
    {
        try
        {
            return await GetAsync(kind, name, cancel);
        }
        catch (KubeException missing) when (missing.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>One page; follow <see cref="KubeList{T}.Continue"/> for more.</summary>
    public Task<KubeList<T>> ListAsync<T>(KubeKind<T> kind, ListQuery query, CancellationToken cancel) where T : IKubeObject
    {
        var path = kind.PathOf(query.Namespace) + KubeRequest.Query(
            ("labelSelector", query.LabelSelector), ("fieldSelector", query.FieldSelector),
            ("limit", KubeRequest.Number(query.Limit)), ("continue", query.Continue));
        return SendAsync(KubeRequest.Get(path), (body, stop) => KubeListReader.ReadAsync(kind, body, stop), cancel);
    }

    /// <summary>Page after page, as the server's snapshot of the first page has them. Throws a <see cref="KubeException"/> that
    /// <see cref="KubeException.IsExpired"/> when that snapshot is gone before the last page.</summary>
    public async IAsyncEnumerable<KubeList<T>> ListPagesAsync<T>(KubeKind<T> kind, ListQuery query, [EnumeratorCancellation] CancellationToken cancel) where T : IKubeObject
    {
        for (KubeList<T>? page = null; page is null || page.Continue is not null;)
        {
            page = await ListAsync(kind, page is null ? query : query with { Continue = page.Continue }, cancel);
            yield return page;
        }
    }

    /// <summary>The whole list, read in pages of <see cref="ListQuery.Limit"/>; read anew in one piece when it expires between two pages.</summary>
    public async Task<KubeList<T>> ListAllAsync<T>(KubeKind<T> kind, ListQuery query, CancellationToken cancel) where T : IKubeObject
    {
        var items = ImmutableArray.CreateBuilder<T>();
        var version = "";
        try
        {
            await foreach (var page in ListPagesAsync(kind, query, cancel))
            {
                items.AddRange(page.Items);
                version = page.ResourceVersion;
            }
        }
        catch (KubeException expired) when (expired.IsExpired && items.Count > 0)
        {
            return await ListAsync(kind, query with { Limit = null, Continue = null }, cancel);
        }
        return new(items.DrainToImmutable(), version, null);
    }

    /// <summary>Events after a resourceVersion until the server ends the watch; an ERROR event is thrown as <see cref="KubeException"/>.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(KubeKind<T> kind, ListQuery query, string resourceVersion,
        TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancel) where T : IKubeObject
    {
        using var watch = await OpenWatchAsync(kind, query, resourceVersion, timeout, cancel);
        while (await watch.ReadAsync(cancel) is { } events)
            foreach (var each in events) yield return each;
    }

    public Task<T> CreateAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel) where T : IKubeObject =>
        WriteAsync(HttpMethod.Post, kind.PathOf(document.Namespace), document.Json.ToJsonString(), "application/json", options, kind.Json, cancel);

    /// <summary>Replaces the whole object; fails with Conflict when its resourceVersion is not the current one.</summary>
    public Task<T> UpdateAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel, string? subresource = null) where T : IKubeObject =>
        WriteAsync(HttpMethod.Put, kind.PathOf(document.Namespace, document.Name, subresource), document.Json.ToJsonString(), "application/json", options, kind.Json, cancel);

    public Task<T> PatchAsync<T>(KubeKind<T> kind, ObjectName name, Patch patch, WriteOptions options, CancellationToken cancel, string? subresource = null) where T : IKubeObject =>
        WriteAsync(HttpMethod.Patch, kind.PathOf(name.Namespace, name.Name, subresource), patch.Body, patch.ContentType, options, kind.Json, cancel);

    /// <summary>Server-side apply: creates the object or takes over exactly the fields the document names. Throws
    /// <see cref="ApplyConflictException"/> when another manager owns one of them and <see cref="WriteOptions.Force"/> is off.</summary>
    public Task<T> ApplyAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel, string? subresource = null) where T : IKubeObject =>
        WriteAsync(HttpMethod.Patch, kind.PathOf(document.Namespace, document.Name, subresource), document.Json.ToJsonString(), KubeRequest.ApplyPatch, options, kind.Json, cancel);

    /// <summary>Asks for deletion; true when the object was there. It may stay until its finalizers are served.</summary>
    public async Task<bool> DeleteAsync(KubeKind kind, ObjectName name, DeleteOptions options, CancellationToken cancel)
    {
        try
        {
            var request = new KubeRequest(HttpMethod.Delete, kind.PathOf(name.Namespace, name.Name), options.ToJson().ToJsonString(), "application/json");
            await SendAsync(request, KubeJson.Of<JsonNode>(), cancel);
            return true;
        }
        catch (KubeException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_ownsTransport) _transport.Dispose();
    }

    internal async Task<KubeWatch<T>> OpenWatchAsync<T>(KubeKind<T> kind, ListQuery query, string resourceVersion, TimeSpan timeout, CancellationToken cancel) where T : IKubeObject
    {
        var path = kind.PathOf(query.Namespace) + KubeRequest.Query(
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", resourceVersion),
            ("timeoutSeconds", KubeRequest.Number((long)timeout.TotalSeconds)),
            ("labelSelector", query.LabelSelector), ("fieldSelector", query.FieldSelector));
        var response = await _transport.OpenAsync(Own(KubeRequest.Get(path)), cancel);
        return new KubeWatch<T>(kind, response, await response.Content.ReadAsStreamAsync(cancel));
    }

    private Task<T> WriteAsync<T>(HttpMethod method, string path, string body, string contentType, WriteOptions options, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var query = KubeRequest.Query(
            ("fieldManager", options.FieldManager), ("dryRun", options.DryRun ? "All" : null),
            ("force", options.Force && contentType == KubeRequest.ApplyPatch ? "true" : null));
        return SendAsync(new KubeRequest(method, path + query, body, contentType) { OnWarning = options.OnWarning }, type, cancel);
    }

    private Task<T> SendAsync<T>(KubeRequest request, JsonTypeInfo<T> type, CancellationToken cancel) =>
        SendAsync(request, async (body, stop) => await JsonSerializer.DeserializeAsync(body, type, stop) ?? throw new JsonException("null in place of an object"), cancel);

    private Task<TResult> SendAsync<TResult>(KubeRequest request, Func<Stream, CancellationToken, ValueTask<TResult>> readAsync, CancellationToken cancel) =>
        _transport.SendAsync(Own(request), readAsync, cancel);

    private KubeRequest Own(KubeRequest request) => request with { Impersonate = _impersonation };
}
