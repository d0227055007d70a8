using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.NodeCommands;

/// <summary>A command that a person has confirmed, with the fingerprint of the plan that they saw.</summary>
/// <param name="OperationId">The agent does a command of the same id once, whatever is sent again.</param>
public sealed record NodeCommandSpec(string Node, NodeCommand Command, string Fingerprint, string OperationId)
{
    public NodeLabel Label { get; init; } = NodeLabel.Default;

    public static NodeCommandSpec For(string node, NodePlan plan, NodeLabel label) => new(node, plan.Command, plan.Fingerprint, Guid.NewGuid().ToString("N")) { Label = label };

    public string ToJson() => InstallJson.Write(this);

    public static NodeCommandSpec FromJson(string json) => InstallJson.Read<NodeCommandSpec>(json);
}
