using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.NodeCommands;

/// <summary>Commands and plans as they are sent, and as a fingerprint reads them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeCommand))]
[JsonSerializable(typeof(NodePlan))]
public sealed partial class NodeCommandJson : JsonSerializerContext;
