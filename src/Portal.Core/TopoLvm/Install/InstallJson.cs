using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.TopoLvm.Install;

/// <summary>How the journal keeps what was asked of an install or a removal.</summary>
internal static class InstallJson
{
#pragma warning disable IL2026, IL3050 // The agent, which is trimmed, has no journal of installs.
    // By reflection: a generated context overwrites the initial value of an init-only property that an older journal leaves out.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("null in place of " + typeof(T).Name);
#pragma warning restore IL2026, IL3050
}
