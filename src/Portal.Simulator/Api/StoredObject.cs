using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

// Kept as bytes, because 50,000 objects as trees of nodes would cost gigabytes, and a list then only copies. The bytes leave out
// apiVersion and kind: several served versions share one storage, and each answer puts its own in front.

/// <summary>One revision of an object, immutable.</summary>
public sealed class StoredObject
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private StoredObject(ObjectName name, long revision, JsonObject body, ResourceType type)
    {
        Name = name;
        Key = KeyOf(name);
        Revision = revision;
        Utf8 = Encode(body);
        var metadata = body["metadata"]!;
        Uid = (string?)metadata["uid"] ?? "";
        Labels = metadata["labels"] is JsonObject labels
            ? labels.ToImmutableDictionary(label => label.Key, label => (string?)label.Value ?? "") : ImmutableDictionary<string, string>.Empty;
        OwnerUids = metadata["ownerReferences"] is JsonArray owners
            ? [.. owners.Select(owner => (string?)owner?["uid"] ?? "")] : [];
        IsDeleting = metadata["deletionTimestamp"] is not null;
        Fields = type.SelectableFields.IsEmpty ? [] : [.. type.SelectableFields.Select(path => ReadField(body, path))];
    }

    private StoredObject(string key)
    {
        Key = key;
        Uid = "";
        Labels = ImmutableDictionary<string, string>.Empty;
        OwnerUids = [];
        Fields = [];
    }

    public ObjectName Name { get; }

    /// <summary>"namespace/name" or "name": the order of lists.</summary>
    public string Key { get; }

    public string Uid { get; }

    public long Revision { get; }

    public bool IsDeleting { get; }

    public ImmutableDictionary<string, string> Labels { get; }

    public ImmutableArray<string> OwnerUids { get; }

    /// <summary>Values of the type's selectable fields, in its order.</summary>
    internal ImmutableArray<string> Fields { get; }

    /// <summary>The object without apiVersion and kind.</summary>
    internal ReadOnlyMemory<byte> Utf8 { get; }

    public static string KeyOf(ObjectName name) => name.Namespace is null ? name.Name : name.Namespace + "/" + name.Name;

    /// <summary>A fresh tree, free to be changed, without apiVersion and kind.</summary>
    public JsonObject Read() => JsonNode.Parse(Utf8.Span)!.AsObject();

    internal static StoredObject From(ResourceType type, JsonObject body, long revision)
    {
        body["metadata"]!["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        var name = new ObjectName((string?)body["metadata"]!["namespace"], (string)body["metadata"]!["name"]!);
        return new(name, revision, body, type);
    }

    /// <summary>Stands for a place in the order, not for an object.</summary>
    internal static StoredObject At(string key) => new(key);

    internal void WriteTo(IBufferWriter<byte> output, string? apiVersion, string? kind)
    {
        if (apiVersion is null)
        {
            output.Write(Utf8.Span);
            return;
        }
        output.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{apiVersion}\","));
        output.Write(Utf8.Span[1..]);
    }

    internal static byte[] Encode(JsonObject body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact)) body.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static string ReadField(JsonObject body, string path)
    {
        JsonNode? node = body;
        foreach (var part in path.Split('.')) node = (node as JsonObject)?[part];
        return node switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => node.ToJsonString(),
        };
    }
}
