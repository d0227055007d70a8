using System.Collections.Immutable;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>Enables nodes for storage, or disables it there: sets or removes their label, and follows what TopoLVM then does on them.</summary>
public sealed class NodeStorageOperation(NodeStorageSpec spec) : Operation
{
    public const string EnableName = "enable-storage";
    public const string DisableName = "disable-storage";

    public override string Kind => spec.IsEnabled ? EnableName : DisableName;

    public override Message Title => (spec.IsEnabled, spec.Nodes) switch
    {
        (true, [var node]) => NodeTexts.EnableTitle(node),
        (true, var nodes) => NodeTexts.EnableManyTitle(nodes.Length),
        (false, [var node]) => NodeTexts.DisableTitle(node),
        (false, var nodes) => NodeTexts.DisableManyTitle(nodes.Length),
    };

    public override ImmutableArray<string> Subjects => [.. spec.Nodes.Select(node => "nodes/" + node)];

    /// <summary>How long TopoLVM's pods may take to come or go: slow sites pull images for minutes.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(10);

    public static NodeStorageOperation FromJson(string json) => new(NodeStorageSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var run = new NodeStorageRun(spec, ReadyWithin);
        return Task.FromResult<ImmutableArray<OperationStep>>(spec.IsEnabled
            ?
            [
                new("check", NodeTexts.StepCheck, run.CheckAsync),
                new("label", NodeTexts.StepLabel(spec.Label), run.LabelAsync),
                new("lvmd", NodeTexts.StepLvmd, run.LvmdAsync),
                new("topolvm-node", NodeTexts.StepPlugin, run.PluginAsync),
                new("capacity", NodeTexts.StepCapacity, run.CapacityAsync),
            ]
            :
            [
                new("check", NodeTexts.StepCheck, run.CheckAsync),
                new("label", NodeTexts.StepUnlabel(spec.Label), run.LabelAsync),
                new("pods", NodeTexts.StepPods, run.PodsGoAsync),
                new("marks", NodeTexts.StepMarks, run.MarksAsync),
            ]);
    }
}
