using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes;

/// <summary>Reads a quantity from a string or from a number; null is zero, as for the API server.</summary>
public sealed class QuantityConverter : JsonConverter<Quantity>
{
    public override bool HandleNull => true;

    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return Quantity.Zero;
        var text = reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan) : reader.GetString();
        return Quantity.TryParse(text?.Trim(), out var quantity) ? quantity : throw new JsonException($"'{text}' is no quantity");
    }

    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
