using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Core.Lvm;

namespace Portal.Agent;

/// <summary>What the agent says about its node, as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ImmutableArray<LvmVolumeGroup>))]
public sealed partial class AgentJson : JsonSerializerContext;
