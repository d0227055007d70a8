using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Node;

// All that the agent asks of its node, and does to it. LinuxNode asks the kernel and runs its programs; a simulated node plays the same: it
// answers the programs of a plan, word for word, with what they would do to its own pretend disks.

/// <summary>A node, as its agent knows it.</summary>
public interface INodeProbe
{
    /// <summary>Reads everything anew. What cannot be read is said in <see cref="NodeInventory.Problems"/>, and the rest is there.</summary>
    /// <param name="forPlanning">Trusts nothing that was read before, and tries to open each device for itself alone.</param>
    Task<NodeInventory> ReadInventoryAsync(bool forPlanning, CancellationToken cancel);

    /// <summary>Counters of this moment, with sequence number 0: whoever keeps samples numbers them.</summary>
    Task<NodeSample> ReadSampleAsync(CancellationToken cancel);

    /// <summary>Completes when the inventory may have changed since the last call.</summary>
    Task ChangedAsync(CancellationToken cancel);

    /// <summary>Runs a program of a plan.</summary>
    /// <param name="said">Gets each line as it is said.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="Programs.ProgramException">It could not be started.</exception>
    Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel);

    /// <summary>LVM's own description of a volume group, as <c>vgcfgbackup(8)</c> writes it.</summary>
    /// <exception cref="Programs.ProgramException">lvm could not; the message holds what it said.</exception>
    Task<string> ReadMetadataAsync(string volumeGroup, CancellationToken cancel);

    /// <summary>Does what no program does, wholly or not at all.</summary>
    /// <exception cref="NodeActionException">It was not done; the message says why.</exception>
    Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel);

    /// <summary>Undoes an action, whether it was done, or begun, or not.</summary>
    /// <exception cref="NodeActionException">It could not be undone; the message says why.</exception>
    Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel);
}
