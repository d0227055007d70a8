using Portal.Components;
using Portal.Core.Agents;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Pages.Nodes;

/// <summary>How nodes and what runs on them read.</summary>
public static class NodeWords
{
    public static string State(StorageNode node) => node.IsBeingDeleted ? NodesTexts.BeingDeleted : node.IsReady ? NodesTexts.Ready : NodesTexts.Offline;

    public static BadgeTone ToneOf(StorageNode node) => node.IsReady && !node.IsBeingDeleted ? BadgeTone.Good : BadgeTone.Bad;

    public static string Storage(StorageNode node) => node.IsEnabled ? NodesTexts.Enabled : NodesTexts.NotEnabled;

    public static string PartOf(NodePart part, bool isExpected) => part.State switch
    {
        NodePartState.Absent => isExpected ? NodesTexts.PartMissing : NodesTexts.PartNone,
        NodePartState.Starting => NodesTexts.PartStarting,
        NodePartState.Ready => NodesTexts.PartReady,
        NodePartState.Failing => NodesTexts.PartFailing,
        _ => NodesTexts.PartUnreachable,
    };

    public static BadgeTone ToneOf(NodePart part, bool isExpected) => part.State switch
    {
        NodePartState.Absent => isExpected ? BadgeTone.Warn : BadgeTone.Quiet,
        NodePartState.Starting => BadgeTone.Busy,
        NodePartState.Ready => BadgeTone.Good,
        NodePartState.Failing => BadgeTone.Bad,
        _ => BadgeTone.Quiet,
    };

    public static string SourceOf(Capacity capacity) => capacity.Source switch
    {
        CapacitySource.Annotation => NodesTexts.SourceAnnotation,
        CapacitySource.StorageCapacity => NodesTexts.SourceStorageCapacity,
        _ => NodesTexts.SourceMetrics,
    };

    public static string Largest(Capacity capacity) => capacity.LargestClaimBytes > 0 ? ByteText.Format(capacity.LargestClaimBytes) : NodesTexts.NothingFits;

    /// <summary>What the device classes offer, for search, sorting and the CSV file.</summary>
    public static string Classes(StorageNode node) =>
        string.Join("; ", node.Classes.Select(one => $"{one.DeviceClass} {ByteText.Format(one.AvailableBytes)}"));

    public static string Agent(NodeAgent? agent) => agent switch
    {
        null => NodesTexts.NoAgent,
        { IsConnected: true } => NodesTexts.AgentConnected,
        _ => NodesTexts.AgentOffline,
    };

    public static bool HasProblem(StorageNode node) => !node.IsReady || node.IsBeingDeleted || (node.IsEnabled && !node.IsServing);
}
