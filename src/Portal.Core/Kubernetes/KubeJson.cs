using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Core.Kubernetes;

/// <summary>How the API's JSON becomes records: unknown fields are skipped and cost no memory, and null means what the record has when the
/// field is absent.</summary>
public static class KubeJson
{
    // Not source-generated: a generated context overwrites the initial value of an init-only property that the document leaves out
    // (https://github.com/dotnet/runtime/issues/58770), and nearly every field of the API may be left out.
    public static readonly JsonSerializerOptions Options = MakeOptions();

    /// <summary>How one type is read and written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
#pragma warning disable IL2026, IL3050 // The agent, which is trimmed, does not speak to the API server.
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepInitialValueOnNull } },
#pragma warning restore IL2026, IL3050
            Converters = { new NullableListConverterFactory(), new PooledTextConverter() },
        };
        options.MakeReadOnly();
        return options;
    }

    // Servers written in Go send null for an empty list or map.
    private static void KeepInitialValueOnNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsSetNullable || property.PropertyType.IsValueType || property.Set is not { } set) continue;
            property.Set = (target, value) =>
            {
                if (value is not null) set(target, value);
            };
        }
    }
}

/// <summary>Reads null as an empty list.</summary>
internal sealed class NullableListConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

#pragma warning disable IL3050 // As above.
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(NullableListConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
#pragma warning restore IL3050
}

internal sealed class NullableListConverter<T> : JsonConverter<ImmutableArray<T>>
{
    public override bool HandleNull => true;

    public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("not a list");
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = ImmutableArray.CreateBuilder<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(JsonSerializer.Deserialize(ref reader, type)!);
        return items.DrainToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value) JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}
