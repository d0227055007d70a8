using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Core.Agents;

/// <summary>What agent and portal say to each other, as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AgentHello))]
[JsonSerializable(typeof(AgentWelcome))]
[JsonSerializable(typeof(NodeInventory))]
[JsonSerializable(typeof(SampleBatch))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(NodePlan))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandReport))]
[JsonSerializable(typeof(TimeSpan))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(bool))]
public sealed partial class ContractJson : JsonSerializerContext;
