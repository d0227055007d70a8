using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Core.Agents;

// What agent and portal say to each other. The agent calls the portal's hub; the portal calls the agent back on the same connection.
// Whatever the agent has to tell is kept by it until the portal has acknowledged it.

/// <summary>The names of the hub's methods.</summary>
public static class AgentContract
{
    /// <summary>The hub's path.</summary>
    public const string Path = "/hubs/agent";

    /// <summary>The audience that a projected service-account token must be for.</summary>
    public const string Audience = "topolvm-portal";

    /// <summary>Where agents in the cluster run.</summary>
    public const string Namespace = "topolvm-portal";

    /// <summary>What agents in the cluster run as.</summary>
    public const string ServiceAccount = "topolvm-portal-agent";

    /// <summary>Raised when either side could no longer understand the other.</summary>
    public const int Version = 1;

    /// <summary>Agent → portal: <see cref="AgentHello"/> in, <see cref="AgentWelcome"/> out. First of all after each connection.</summary>
    public const string Hello = nameof(Hello);

    /// <summary>Agent → portal: <see cref="NodeInventory"/>.</summary>
    public const string Report = nameof(Report);

    /// <summary>Agent → portal: when the inventory that was reported last was read again and found to be as it was.</summary>
    public const string Unchanged = nameof(Unchanged);

    /// <summary>Agent → portal: <see cref="SampleBatch"/> in, the highest sequence number that is safely kept out.</summary>
    public const string Samples = nameof(Samples);

    /// <summary>Agent → portal: <see cref="CommandReport"/>; repeated until it was answered.</summary>
    public const string CommandReported = nameof(CommandReported);

    /// <summary>Portal → agent: <see cref="PlanRequest"/> in, <see cref="NodePlan"/> out.</summary>
    public const string Plan = nameof(Plan);

    /// <summary>Portal → agent: <see cref="CommandRequest"/> in, <see cref="CommandReport"/> out: accepted, refused, or how it ended when it was done before.</summary>
    public const string Execute = nameof(Execute);

    /// <summary>Portal → agent: the seconds between samples.</summary>
    public const string SetPace = nameof(SetPace);

    /// <summary>Portal → agent: reads the inventory now.</summary>
    public const string Refresh = nameof(Refresh);
}

/// <summary>Who connects.</summary>
/// <param name="Node">The Kubernetes node it speaks for; the token must say the same.</param>
/// <param name="InstanceId">One per start of the agent.</param>
/// <param name="SpoolId">Of the memory that numbers the samples: when it was lost, numbers begin anew under another one.</param>
public sealed record AgentHello(int Version, string Node, string InstanceId, string SpoolId, string AgentVersion)
{
    /// <summary>Operations whose end the portal may not have heard of.</summary>
    public ImmutableArray<CommandReport> Unacknowledged { get; init; } = [];
}

/// <param name="AcknowledgedSequence">The last sample of this spool that the portal has kept, 0 when it has kept none: replay begins after it.</param>
/// <param name="SampleEvery">The pace that is wanted now.</param>
public sealed record AgentWelcome(int Version, long AcknowledgedSequence, TimeSpan SampleEvery);

/// <summary>Counters of one moment. They only grow, but for a restart of the node: rates are made by whoever reads them.</summary>
/// <param name="Sequence">Grows with each sample of a spool, across restarts of the agent. Numbers are left out where samples were folded.</param>
/// <param name="BootId">Counters of different boots do not continue each other.</param>
public sealed record NodeSample(long Sequence, DateTimeOffset TakenAt, string BootId, ImmutableArray<DeviceCounters> Devices)
{
    public ImmutableArray<FileSystemSample> FileSystems { get; init; } = [];

    public ImmutableArray<ThinPoolSample> ThinPools { get; init; } = [];
}

/// <summary>A line of <c>/proc/diskstats</c> (the kernel's Documentation/admin-guide/iostats.rst).</summary>
/// <param name="Number">Major and minor: "253:4".</param>
/// <param name="Name">The kernel's name: "dm-4".</param>
/// <param name="ReadBytes">Sectors of 512 bytes, as bytes.</param>
/// <param name="BusyMilliseconds">Time in which at least one request was under way.</param>
/// <param name="QueueMilliseconds">The same, times the requests under way.</param>
public sealed record DeviceCounters(
    string Number, string Name, long Reads, long ReadBytes, long ReadMilliseconds, long Writes, long WrittenBytes, long WriteMilliseconds,
    long InFlight, long BusyMilliseconds, long QueueMilliseconds)
{
    /// <summary>What device-mapper calls the device, "myvg1-data"; null for others. Unlike number and name it stays when the node starts anew.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MappedName { get; init; }

    /// <summary>Whether LVM has mapped it: the name is then made of those of volume group and logical volume.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsLvm { get; init; }
}

/// <summary>The use of a mounted volume, by statvfs.</summary>
/// <param name="Number">The device it is on: "253:4".</param>
public sealed record FileSystemSample(string Number, long SizeBytes, long UsedBytes, long Inodes, long UsedInodes);

public sealed record ThinPoolSample(string VolumeGroup, string Pool, double DataPercent, double MetadataPercent);

/// <summary>Samples in order, all after what was acknowledged last.</summary>
public sealed record SampleBatch(ImmutableArray<NodeSample> Samples);

/// <summary>What a person would like to have done. A message of its own, because SignalR writes an argument as the type that it has, and the reader
/// could not tell which command it is.</summary>
public sealed record PlanRequest(NodeCommand Command);

/// <summary>What a person has confirmed.</summary>
/// <param name="OperationId">Done once, whatever is sent again.</param>
/// <param name="Fingerprint">Of the plan that the person saw.</param>
public sealed record CommandRequest(string OperationId, NodeCommand Command, string Fingerprint);

[JsonConverter(typeof(JsonStringEnumConverter<CommandState>))]
public enum CommandState
{
    Running,
    Done,
    Failed,

    /// <summary>A step failed, and what had been done was undone.</summary>
    RolledBack,

    /// <summary>Nothing was done: the node changed since the plan, or the planner refused.</summary>
    Refused,
}

/// <summary>How a command stands.</summary>
/// <param name="Problem">Why it failed or was refused; null otherwise.</param>
public sealed record CommandReport(string OperationId, CommandState State, Message? Problem, ImmutableArray<StepOutput> Steps)
{
    /// <summary>0 to 100 of the step that runs; null where it does not tell.</summary>
    public double? Percent { get; init; }

    /// <summary>Of the volume groups that the command changed, as they are now.</summary>
    public ImmutableArray<VolumeGroupBackup> Backups { get; init; } = [];
}

/// <summary>What a program said.</summary>
/// <param name="ExitCode">null while it runs.</param>
public sealed record StepOutput(string CommandLine, int? ExitCode, string Output);
