using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes;

/// <summary>An object as the document it is: what manifests, diffs and writes need, where the typed records would lose fields.</summary>
[JsonConverter(typeof(KubeObjectConverter))]
public sealed class KubeObject(JsonObject json) : IKubeObject
{
    private ObjectMeta? _metadata;

    public JsonObject Json { get; } = json;

    public string ApiVersion => (string?)Json["apiVersion"] ?? "";

    public string Kind => (string?)Json["kind"] ?? "";

    public string Name => (string?)Json["metadata"]?["name"] ?? "";

    public string? Namespace => (string?)Json["metadata"]?["namespace"];

    public ObjectMeta Metadata => _metadata ??= Json["metadata"]?.Deserialize(KubeJson.Of<ObjectMeta>()) ?? new ObjectMeta();

    /// <summary>"Kind namespace/name", as messages name an object.</summary>
    public override string ToString() => $"{Kind} {new ObjectName(Namespace, Name)}";
}

internal sealed class KubeObjectConverter : JsonConverter<KubeObject>
{
    public override KubeObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNode.Parse(ref reader) is JsonObject json ? new KubeObject(json) : throw new JsonException("not an object");

    public override void Write(Utf8JsonWriter writer, KubeObject value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
