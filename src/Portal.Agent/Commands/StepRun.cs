using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Agent.Commands;

/// <summary>Does one step, or undoes it, and gathers what is said.</summary>
/// <param name="changed">Called whenever more was said.</param>
internal sealed partial class StepRun(INodeProbe node, string commandLine, Action<StepRun> changed)
{
    // What a program says is for people; a runaway one does not fill the disk.
    private const int LongestOutput = 64 * 1024;

    public string CommandLine => commandLine;

    public string Output { get; private set; } = "";

    public int? ExitCode { get; private set; }

    public double? Percent { get; private set; }

    /// <returns>null when it was done; else why not.</returns>
    public Task<Message?> DoAsync(NodeStep step, CancellationToken cancel) =>
        step.Action is { } action ? ActAsync(() => node.ActAsync(action, Say, cancel)) : RunAsync(step.Words, step.HasProgress, cancel);

    /// <inheritdoc cref="DoAsync"/>
    public Task<Message?> UndoAsync(NodeStep step, CancellationToken cancel) => step.Action is { } action
        ? ActAsync(() => node.UndoAsync(action, Say, cancel))
        : RunAsync(step.Undo!.Value, hasProgress: false, cancel);

    private async Task<Message?> RunAsync(ImmutableArray<string> words, bool hasProgress, CancellationToken cancel)
    {
        try
        {
            ExitCode = await node.RunAsync(words, line => Say(line, hasProgress), cancel);
            changed(this);
            return ExitCode == 0 ? null : CommandTexts.StepFailed(commandLine, ExitCode.Value.ToString(CultureInfo.InvariantCulture), Sentence(Output));
        }
        catch (ProgramException missing)
        {
            ExitCode = -1;
            Say(missing.Message);
            return CommandTexts.NotStarted(commandLine, ForeignText.Sentence(missing.Message));
        }
    }

    private async Task<Message?> ActAsync(Func<Task> act)
    {
        try
        {
            await act();
            ExitCode = 0;
            changed(this);
            return null;
        }
        catch (NodeActionException failure)
        {
            ExitCode = 1;
            Say(failure.Message);
            return CommandTexts.NotStarted(commandLine, ForeignText.Sentence(failure.Message));
        }
    }

    private void Say(string line) => Say(line, hasProgress: false);

    private void Say(string line, bool hasProgress)
    {
        var text = line.TrimEnd();
        if (hasProgress && PercentWord().Match(text) is { Success: true } found)
            Percent = double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        Output += Output.Length == 0 ? text : "\n" + text;
        if (Output.Length > LongestOutput) Output = Output[^LongestOutput..];
        changed(this);
    }

    // The last lines tell why.
    private static string Sentence(string output) =>
        ForeignText.Sentence(string.Join(' ', output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(3)));

    // pvmove(8): "  /dev/sdb: Moved: 12.50%".
    [GeneratedRegex(@"(\d{1,3}(?:\.\d+)?)%")]
    private static partial Regex PercentWord();
}
