using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>A request for a resource, as its path names it.</summary>
/// <param name="Rest">What follows the subresource: the path of a proxied request.</param>
internal sealed record ApiRequest(HttpContext Http, ResourceType Type, string Version, string? Namespace, string? Name, string? Subresource, string Rest = "")
{
    private const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public ObjectName ObjectName => new(Type.Namespaced ? Namespace : null, Name ?? "");

    public string ApiVersion => Type.ApiVersionIn(Version);

    public bool IsDryRun => Query("dryRun") == "All";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public bool Flag(string name) => Query(name) is { } value && value is "" or "true" or "1" or "True";

    /// <summary>The Content-Type without parameters; empty when there is none.</summary>
    public string MediaType => (Http.Request.ContentType ?? "").Split(';')[0].Trim();

    /// <summary>Who writes: the fieldManager parameter, else the first word of the user agent.</summary>
    public string FieldManager => Query("fieldManager") is { Length: > 0 } manager ? manager : Http.Request.Headers.UserAgent.ToString().Split('/')[0] is { Length: > 0 } agent ? agent : "unknown";

    public async Task<byte[]> ReadBodyAsync(CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await Http.Request.Body.CopyToAsync(buffer, cancel);
        return buffer.ToArray();
    }

    /// <summary>The body as an object of the requested type, without its apiVersion and kind.</summary>
    /// <exception cref="RefusalException">400 or 415 when it is something else.</exception>
    public async Task<JsonObject> ReadObjectAsync(CancellationToken cancel)
    {
        if (MediaType is not ("" or "application/json" or "application/yaml")) throw Refusal.UnsupportedMediaType(Accepted);
        return Unwrap(Document.Parse(await ReadBodyAsync(cancel), MediaType));
    }

    /// <summary>Checks that a document is of the requested type and takes off its apiVersion and kind.</summary>
    public JsonObject Unwrap(JsonObject document)
    {
        var (apiVersion, kind) = (Document.Text(document["apiVersion"]), Document.Text(document["kind"]));
        if (kind is null || kind.Length == 0) throw Refusal.BadRequest("Object 'Kind' is missing in '" + document.ToJsonString() + "'");
        if (kind != Type.Kind || apiVersion != ApiVersion)
            throw Refusal.BadRequest($"{kind} in version \"{apiVersion}\" cannot be handled as a {Type.Kind}: expected {ApiVersion}, Kind={Type.Kind}");
        document.Remove("apiVersion");
        document.Remove("kind");
        if (document["metadata"] is not JsonObject) document["metadata"] = new JsonObject();
        return document;
    }

    public Task AnswerAsync(StoredObject stored, int code = 200)
    {
        Http.Response.StatusCode = code;
        Http.Response.ContentType = "application/json";
        stored.WriteTo(Http.Response.BodyWriter, ApiVersion, Type.Kind);
        return Http.Response.BodyWriter.FlushAsync(Http.RequestAborted).AsTask();
    }

    public Task AnswerAsync(JsonObject document, int code = 200)
    {
        Http.Response.StatusCode = code;
        Http.Response.ContentType = "application/json";
        return Http.Response.Body.WriteAsync(StoredObject.Encode(document), Http.RequestAborted).AsTask();
    }
}

/// <summary>Documents as clients send them.</summary>
internal static class Document
{
    public static JsonObject Parse(ReadOnlySpan<byte> body, string mediaType)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? throw Refusal.BadRequest("the body is not an object");
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException)
        {
            throw Refusal.BadRequest("error decoding the body: " + bad.Message);
        }
    }

    /// <summary>The text of a string value, or null for anything else.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
