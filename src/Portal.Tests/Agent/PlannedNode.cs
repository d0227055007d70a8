using System.Collections.Immutable;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Tests.Agent;

/// <summary>A node of a few files: a step makes one, its undo deletes it, and a plan has a step for each file that is not there. Programs are real.</summary>
internal sealed class PlannedNode(string folder) : INodeProbe
{
    public const string Fingerprint = "the one that was confirmed";

    /// <summary>Files in the order in which they are made; the name "wrong" cannot be made.</summary>
    public string[] Files { get; set; } = ["a", "b", "c"];

    /// <summary>Holds up programs until it is set.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>The first program that is held up, counted from 1.</summary>
    public int HoldFrom { get; set; } = 1;

    public List<string> Ran { get; } = [];

    public string[] Refusals { get; set; } = [];

    public NodePlan Plan(NodeCommand command, NodeInventory inventory) => Refusals.Length > 0
        ? new(command, Fingerprint) { Refusals = [.. Refusals.Select(Message.Verbatim)] }
        : new(command, Fingerprint) { Steps = [.. Files.Where(name => !File.Exists(PathOf(name))).Select(Step)] };

    public NodeInventory Inventory { get; set; } = new(DateTimeOffset.UnixEpoch);

    public int Readings { get; private set; }

    public Signal Changed { get; } = new();

    public Task<NodeInventory> ReadInventoryAsync(bool forPlanning, CancellationToken cancel)
    {
        Readings++;
        return Task.FromResult(Inventory with { TakenAt = Inventory.TakenAt.AddSeconds(Readings) });
    }

    public async Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel)
    {
        Ran.Add(string.Join(' ', words.Select(word => Path.GetFileName(word))));
        if (Hold is { } hold && Ran.Count >= HoldFrom) await hold.Task.WaitAsync(cancel);
        return await ProgramRunner.Direct.RunAsync(words, said, cancel);
    }

    public string PathOf(string name) => Path.Combine(folder, name == "wrong" ? "no/such/folder" : name);

    public Task<NodeSample> ReadSampleAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task ChangedAsync(CancellationToken cancel) => Changed.WaitAsync(cancel);

    public Task<string> ReadMetadataAsync(string volumeGroup, CancellationToken cancel) => throw new NotSupportedException();

    public Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel) => throw new NotSupportedException();

    public Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel) => throw new NotSupportedException();

    private NodeStep Step(string name) => new(Message.Verbatim(name), ["touch", PathOf(name)]) { Undo = ["rm", PathOf(name)] };
}
