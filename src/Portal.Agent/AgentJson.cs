using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Agent.Commands;
using Portal.Core.Disks;

namespace Portal.Agent;

/// <summary>What the agent prints and what it remembers, as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(NodeInventory))]
[JsonSerializable(typeof(CommandRecord))]
[JsonSerializable(typeof(ImmutableArray<string>))]
public sealed partial class AgentJson : JsonSerializerContext;
