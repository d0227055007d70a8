using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommunityToolkit.HighPerformance.Buffers;

namespace Portal.Core.Kubernetes;

/// <summary>Reads texts that many objects share (label keys, phases, class and node names) as one string: a large cluster repeats few
/// texts very often.</summary>
internal sealed class PooledTextConverter : JsonConverter<string>
{
    // Longer values are messages and images, seldom shared by many.
    private const int LongestValue = 40;

    // Uids have this length, and no two objects share one.
    private const int UidLength = 36;

    private static readonly StringPool Pool = new(1 << 14);

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length is > LongestValue or UidLength
            ? reader.GetString()
            : Pool.GetOrAdd(reader.ValueSpan, Encoding.UTF8);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.HasValueSequence || reader.ValueIsEscaped ? reader.GetString()! : Pool.GetOrAdd(reader.ValueSpan, Encoding.UTF8);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
