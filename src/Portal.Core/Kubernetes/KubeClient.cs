using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.Kubernetes;

// The client of one API server. Reads go into typed records that hold only the fields the portal uses; writes are
// documents (server-side apply, patches), because a typed record would drop every field it does not know.

/// <summary>A client for one Kubernetes API server, safe for concurrent use. Every method throws <see cref="KubeException"/> when the server
/// refuses, and <see cref="HttpRequestException"/> when it cannot be reached.</summary>
public sealed class KubeClient : IDisposable
{
    /// <summary>The field manager of everything the portal writes.</summary>
    public const string FieldManager = "topolvm-portal";

    private readonly HttpClient _http;

    public KubeClient(KubeConnection connection)
    {
        Connection = connection;
        _http = new HttpClient(connection.CreateHandler())
        {
            BaseAddress = connection.Server,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = new Version(2, 0),
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("topolvm-portal/0.1");
    }

    public KubeConnection Connection { get; }

    public async Task<T> GetAsync<T>(KubeKind<T> kind, ObjectName name, CancellationToken cancel) where T : IKubeObject =>
        kind.Read(await SendAsync(HttpMethod.Get, kind.PathOf(name.Namespace, name.Name), null, null, cancel));

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
    public async Task<KubeList<T>> ListAsync<T>(KubeKind<T> kind, ListQuery query, CancellationToken cancel) where T : IKubeObject
    {
        var path = kind.PathOf(query.Namespace) + Parameters(
            ("labelSelector", query.LabelSelector), ("fieldSelector", query.FieldSelector),
            ("limit", query.Limit?.ToString(CultureInfo.InvariantCulture)), ("continue", query.Continue));
        using var document = JsonDocument.Parse(await SendAsync(HttpMethod.Get, path, null, null, cancel));
        var metadata = document.RootElement.GetProperty("metadata");
        var next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
        return new(
            [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Deserialize(kind.Json)!)],
            metadata.GetProperty("resourceVersion").GetString() ?? "",
            string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>Events after a resourceVersion until the server ends the watch; an ERROR event is thrown as <see cref="KubeException"/>.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(KubeKind<T> kind, ListQuery query, string resourceVersion,
        TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancel) where T : IKubeObject
    {
        var path = kind.PathOf(query.Namespace) + Parameters(
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", resourceVersion),
            ("timeoutSeconds", ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ("labelSelector", query.LabelSelector), ("fieldSelector", query.FieldSelector));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode) throw await RefusalAsync(request, response, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var body = document.RootElement.GetProperty("object");
            var type = document.RootElement.GetProperty("type").GetString();
            if (type == "ERROR") throw new KubeException(body.Deserialize(KubeJson.Of<Status>())!, "WATCH " + kind);
            yield return new(Enum.Parse<WatchEventType>(type!, ignoreCase: true), body.Deserialize(kind.Json)!);
        }
    }

    /// <summary>Everything the server serves. An aggregated API whose backend is down is left out.</summary>
    public async Task<ApiResources> DiscoverAsync(CancellationToken cancel)
    {
        using var version = JsonDocument.Parse(await SendAsync(HttpMethod.Get, "version", null, null, cancel));
        var git = version.RootElement.GetProperty("gitVersion").GetString() ?? "";
        var minor = new string([.. (version.RootElement.GetProperty("minor").GetString() ?? "0").TakeWhile(char.IsAsciiDigit)]);
        var major = int.Parse(version.RootElement.GetProperty("major").GetString() ?? "0", CultureInfo.InvariantCulture);
        using var groups = JsonDocument.Parse(await SendAsync(HttpMethod.Get, "apis", null, null, cancel));
        var paths = new List<string> { "api/v1" };
        foreach (var group in groups.RootElement.GetProperty("groups").EnumerateArray())
        {
            var preferred = group.GetProperty("preferredVersion").GetProperty("groupVersion").GetString()!;
            paths.Add("apis/" + preferred);
            paths.AddRange(group.GetProperty("versions").EnumerateArray().Select(served => served.GetProperty("groupVersion").GetString()!)
                .Where(served => served != preferred).Select(served => "apis/" + served));
        }
        var found = await Task.WhenAll(paths.Select(path => ResourcesOfAsync(path, cancel)));
        return new(new ServerVersion(major, int.Parse(minor, CultureInfo.InvariantCulture), git), [.. found.SelectMany(kinds => kinds)]);
    }

    public async Task<T> CreateAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel) where T : IKubeObject =>
        kind.Read(await SendAsync(HttpMethod.Post, kind.PathOf(document.Namespace) + WriteParameters(options), document.Json.ToJsonString(), "application/json", cancel));

    /// <summary>Replaces the whole object; fails with Conflict when its resourceVersion is not the current one.</summary>
    public async Task<T> UpdateAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel) where T : IKubeObject =>
        kind.Read(await SendAsync(HttpMethod.Put, kind.PathOf(document.Namespace, document.Name) + WriteParameters(options), document.Json.ToJsonString(), "application/json", cancel));

    public async Task<T> PatchAsync<T>(KubeKind<T> kind, ObjectName name, Patch patch, WriteOptions options, CancellationToken cancel, string? subresource = null) where T : IKubeObject =>
        kind.Read(await SendAsync(HttpMethod.Patch, kind.PathOf(name.Namespace, name.Name, subresource) + WriteParameters(options), patch.Body, patch.ContentType, cancel));

    /// <summary>Server-side apply: creates the object or takes over exactly the fields the document names. Throws
    /// <see cref="ApplyConflictException"/> when another manager owns one of them and <see cref="WriteOptions.Force"/> is off.</summary>
    public async Task<T> ApplyAsync<T>(KubeKind<T> kind, KubeObject document, WriteOptions options, CancellationToken cancel) where T : IKubeObject
    {
        var path = kind.PathOf(document.Namespace, document.Name) + WriteParameters(options);
        if (options.Force) path += "&force=true";
        return kind.Read(await SendAsync(HttpMethod.Patch, path, document.Json.ToJsonString(), "application/apply-patch+yaml", cancel));
    }

    /// <summary>Asks for deletion; true when the object was there. It may stay until its finalizers are served.</summary>
    public async Task<bool> DeleteAsync(KubeKind kind, ObjectName name, DeleteOptions options, CancellationToken cancel)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.Propagation is { } propagation) body["propagationPolicy"] = propagation.ToString();
        if (options.GracePeriodSeconds is { } grace) body["gracePeriodSeconds"] = grace;
        if (options.DryRun) body["dryRun"] = new JsonArray("All");
        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (options.Uid is not null) preconditions["uid"] = options.Uid;
            if (options.ResourceVersion is not null) preconditions["resourceVersion"] = options.ResourceVersion;
            body["preconditions"] = preconditions;
        }
        try
        {
            await SendAsync(HttpMethod.Delete, kind.PathOf(name.Namespace, name.Name), body.ToJsonString(), "application/json", cancel);
            return true;
        }
        catch (KubeException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<IEnumerable<KubeKind<KubeObject>>> ResourcesOfAsync(string path, CancellationToken cancel)
    {
        byte[] body;
        try
        {
            body = await SendAsync(HttpMethod.Get, path, null, null, cancel);
        }
        catch (KubeException down) when (down.Status.Code is 404 or 503)
        {
            return [];
        }
        using var document = JsonDocument.Parse(body);
        var parts = path.Split('/');
        var (group, version) = parts.Length == 2 ? ("", parts[1]) : (parts[1], parts[2]);
        return [.. document.RootElement.GetProperty("resources").EnumerateArray()
            .Where(resource => !resource.GetProperty("name").GetString()!.Contains('/'))
            .Select(resource => new KubeKind<KubeObject>(group, version, resource.GetProperty("name").GetString()!,
                resource.GetProperty("kind").GetString()!, resource.GetProperty("namespaced").GetBoolean(), KubeJson.Of<KubeObject>()))];
    }

    private static string WriteParameters(WriteOptions options) =>
        Parameters(("fieldManager", options.FieldManager), ("dryRun", options.DryRun ? "All" : null));

    private static string Parameters(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
            if (value is not null) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return query.ToString();
    }

    private async Task<byte[]> SendAsync(HttpMethod method, string path, string? body, string? contentType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, new MediaTypeHeaderValue(contentType!));
        using var response = await _http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode) throw await RefusalAsync(request, response, cancel);
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }

    private static async Task<KubeException> RefusalAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        Status? status = null;
        try
        {
            status = JsonSerializer.Deserialize(text, KubeJson.Of<Status>());
        }
        catch (JsonException)
        {
            // A proxy or a load balancer answered in the API server's place: its text is all there is.
        }
        status ??= new Status { Message = text };
        if (status.Code == 0) status = status with { Code = (int)response.StatusCode, Reason = response.ReasonPhrase ?? "" };
        var what = request.Method + " " + request.RequestUri?.OriginalString.Split('?')[0];
        return status.Reason == "Conflict" && request.Content?.Headers.ContentType?.MediaType == "application/apply-patch+yaml"
            ? new ApplyConflictException(status, what)
            : new KubeException(status, what);
    }
}
