using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Lvmd.Change;

namespace Portal.Core.TopoLvm.Lvmd.Groups;

/// <summary>Gives nodes an lvmd.yaml of their own, or takes them back to the common one.</summary>
public sealed partial class MoveNodesOperation(MoveNodesSpec spec) : Operation
{
    public const string KindName = "lvmd-group";

    /// <summary>On a node: the name of its group.</summary>
    public const string NodeLabel = GroupDaemonSet.NodeLabel;

    public override string Kind => KindName;

    public override Message Title => spec.RemovesGroup ? GroupTexts.RemoveTitle(spec.Group)
        : spec.IsReturn ? GroupTexts.ReturnTitle(spec.Nodes.Length, spec.Base) : GroupTexts.MoveTitle(spec.Nodes.Length, spec.Group);

    public override ImmutableArray<string> Subjects => [DeviceClassOperation.Subject];

    public static MoveNodesOperation FromJson(string json) => new(MoveNodesSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    /// <summary>Why a group cannot have this name, or null.</summary>
    public static Message? WhyNotName(string name) =>
        name.Length is 0 or > 63 || name == GroupDaemonSet.OnTheWay || !GroupName().IsMatch(name) ? GroupTexts.BadName(name) : null;

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var move = new NodeMove(spec);
        var steps = ImmutableArray.CreateBuilder<OperationStep>();
        steps.Add(new("check", GroupTexts.StepCheck, (step, _) => move.CheckAsync(step)));
        if (!spec.IsReturn) steps.Add(new("group", GroupTexts.StepGroup, move.EnsureGroupAsync));
        foreach (var node in spec.Nodes) steps.Add(new("node-" + node, GroupTexts.StepNode(node), (step, stop) => move.MoveAsync(node, step, stop)));
        if (spec.RemovesGroup) steps.Add(new("remove", GroupTexts.StepRemove, move.RemoveGroupAsync));
        return Task.FromResult(steps.ToImmutable());
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex GroupName();
}
