using System.Text.Json;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Tests.Core.NodeCommands;

/// <summary>A case is a folder with a node and a command; what is planned of them stands in its expected.txt.</summary>
public sealed class NodePlannerCases
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Core", "NodeCommands", "Cases");

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public void A_command_becomes_the_programs_that_its_case_expects(string name)
    {
        var node = JsonSerializer.Deserialize<NodeInventory>(Text(name, "node.json"), JsonSerializerOptions.Web)!;
        var command = JsonSerializer.Deserialize<NodeCommand>(Text(name, "command.json"), JsonSerializerOptions.Web)!;

        Assert.Equal(Text(name, "expected.txt"), Told(NodePlanner.Plan(command, node, NodeLimits.Default)));
    }

    private static string Text(string name, string file) => File.ReadAllText(Path.Combine(Folder, name, file));

    private static string Told(NodePlan plan) => string.Join('\n',
    [
        "to confirm: " + plan.Confirmation,
        .. Sentences("refused", plan.Refusals),
        .. plan.Steps.SelectMany(Lines),
        .. plan is { IsRefused: false, Steps.IsEmpty: true } ? ["nothing is left to do"] : Array.Empty<string>(),
        .. Sentences("destroyed", plan.Destroys),
        .. Sentences("warning", plan.Warnings),
    ]) + "\n";

    private static IEnumerable<string> Lines(NodeStep step)
    {
        yield return step.Title.English;
        yield return "  " + step.CommandLine;
        if (step.Action is { } action) yield return "  by the agent: " + action.GetType().Name;
        if (step.HasProgress) yield return "  with progress";
        if (step.Undo is { } undo) yield return "  undone by: " + string.Join(' ', undo);
    }

    private static IEnumerable<string> Sentences(string word, IEnumerable<Message> sentences) => sentences.Select(sentence => word + ": " + sentence.English);
}
