using Portal.Agent.Commands;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Commands;

public sealed class CommandExecutorTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly ActivateVolumeGroup _command = new("ssd");
    private PlannedNode _node = null!;
    private CommandExecutor _executor = null!;
    private (CommandExecutor? Executor, TaskCompletionSource? Hold) _dead;

    public async ValueTask InitializeAsync()
    {
        _node = new(Directory.CreateDirectory(Path.Combine(_folder.Path, "files")).FullName);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _executor.DisposeAsync();
        var dying = _dead.Executor?.DisposeAsync() ?? ValueTask.CompletedTask;
        _dead.Hold?.SetCanceled(_cancel);
        await dying;
        _folder.Dispose();
    }

    [Fact]
    public async Task The_steps_run_in_order_and_what_they_said_is_kept()
    {
        var end = await EndOfAsync(await ExecuteAsync("one"));

        Assert.Equal((CommandState.Done, null), (end.State, end.Problem));
        Assert.Equal(["touch a", "touch b", "touch c"], _node.Ran);
        Assert.Equal([0, 0, 0], end.Steps.Select(step => step.ExitCode!.Value));
    }

    [Fact]
    public async Task A_command_that_is_sent_again_is_done_once()
    {
        var end = await EndOfAsync(await ExecuteAsync("one"));
        File.Delete(_node.PathOf("a"));

        Assert.Equal(CommandState.Done, (await ExecuteAsync("one")).State);
        await RestartAsync();
        Assert.Equal((CommandState.Done, end.Steps.Length), await ExecuteAsync("one") switch { var again => (again.State, again.Steps.Length) });

        Assert.Equal(3, _node.Ran.Count);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_while_it_runs_tells_how_it_stands()
    {
        _node.Hold = new();
        var begun = await ExecuteAsync("one");

        Assert.Equal(CommandState.Running, (await ExecuteAsync("one")).State);
        Assert.Equal((CommandState.Refused, "This node is busy with another command; start this one again when that has ended."),
            await ExecuteAsync("two") switch { var second => (second.State, second.Problem!.English) });

        _node.Hold.SetResult();
        Assert.Equal(CommandState.Done, (await EndOfAsync(begun)).State);
    }

    [Fact]
    public async Task Another_fingerprint_than_the_confirmed_one_stops_it()
    {
        var report = await _executor.ExecuteAsync(new("one", _command, "an older one"), _cancel);

        Assert.Equal((CommandState.Refused, true), (report.State, report.Problem!.English.StartsWith("The node has changed", StringComparison.Ordinal)));
        Assert.Empty(_node.Ran);
    }

    [Fact]
    public async Task What_the_planner_refuses_is_not_done_and_every_reason_is_told()
    {
        _node.Refusals = ["The disk is mounted.", "It is too small."];

        Assert.Equal((CommandState.Refused, "The disk is mounted. It is too small."), await ExecuteAsync("one") switch { var report => (report.State, report.Problem!.English) });

        Assert.Empty(_node.Ran);
    }

    [Fact]
    public async Task When_a_step_fails_those_before_it_are_undone_the_last_first()
    {
        _node.Files = ["a", "b", "wrong", "c"];

        var end = await EndOfAsync(await ExecuteAsync("one"));

        Assert.Equal(CommandState.RolledBack, end.State);
        Assert.Contains("No such file or directory", end.Problem!.English);
        Assert.Equal(["touch a", "touch b", "touch folder", "rm b", "rm a"], _node.Ran);
        Assert.Equal(5, end.Steps.Length);
    }

    [Fact]
    public async Task What_cannot_be_undone_is_said()
    {
        _node.Files = ["a", "wrong"];
        _node.Hold = new();
        var begun = await ExecuteAsync("one");
        Directory.CreateDirectory(_node.PathOf("a"));
        _node.Hold.SetResult();

        var end = await EndOfAsync(begun);

        Assert.Equal(CommandState.Failed, end.State);
        Assert.Contains("Is a directory", end.Problem!.English);
    }

    [Fact]
    public async Task A_command_that_a_stop_cut_off_goes_on_after_the_start()
    {
        await CutOffAsync();

        var end = await EndOfAsync(Assert.Single(_executor.Reports.Current.ById.Values));

        Assert.Equal(CommandState.Done, end.State);
        Assert.All(_node.Files, name => Assert.True(File.Exists(_node.PathOf(name))));
    }

    [Fact]
    public async Task An_agent_that_is_stopped_ends_the_step_that_runs_and_the_others_after_its_start()
    {
        (_node.Hold, _node.HoldFrom) = (new(), 2);
        await ExecuteAsync("one");
        await Eventually.PassesAsync(() => Assert.Equal(2, _node.Ran.Count), _cancel);
        var stopped = _executor.DisposeAsync();
        _node.Hold.SetResult();
        await stopped;
        Assert.Equal(["touch a", "touch b"], _node.Ran);

        await StartAsync();

        Assert.Equal(CommandState.Done, (await EndOfAsync(Assert.Single(_executor.Reports.Current.ById.Values))).State);
        Assert.Equal(["touch a", "touch b", "touch c"], _node.Ran);
    }

    [Fact]
    public async Task A_command_that_cannot_go_on_is_undone_after_the_start()
    {
        await CutOffAsync(before: () => _node.Refusals = ["The disk is mounted.", "It is too small."]);

        var end = await EndOfAsync(Assert.Single(_executor.Reports.Current.ById.Values));

        Assert.Equal(CommandState.RolledBack, end.State);
        Assert.Contains("The disk is mounted. It is too small.", end.Problem!.English);
        Assert.All(_node.Files, name => Assert.False(File.Exists(_node.PathOf(name))));
    }

    [Fact]
    public async Task A_node_that_is_another_one_after_the_start_is_not_changed_further()
    {
        await CutOffAsync(before: () => _node.Files = ["x", "y"]);

        var end = await EndOfAsync(Assert.Single(_executor.Reports.Current.ById.Values));

        Assert.Equal(CommandState.RolledBack, end.State);
        Assert.False(File.Exists(_node.PathOf("x")));
    }

    [Fact]
    public async Task The_end_is_told_until_the_portal_has_answered()
    {
        await EndOfAsync(await ExecuteAsync("one"));
        await RestartAsync();
        var untold = Assert.Single(_executor.Reports.Current.ById.Values);

        _executor.Answered(untold);

        Assert.Empty(_executor.Reports.Current.ById);
        await RestartAsync();
        Assert.Empty(_executor.Reports.Current.ById);
        Assert.Equal(CommandState.Done, (await ExecuteAsync("one")).State);
    }

    [Fact]
    public async Task A_damaged_record_stops_the_agent_before_it_does_anything_twice()
    {
        await EndOfAsync(await ExecuteAsync("one"));
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "commands"), "*.json"));
        await File.WriteAllTextAsync(file, "{", _cancel);

        Assert.Contains(file, (await Assert.ThrowsAsync<IOException>(() => CommandJournal.LoadAsync(Path.Combine(_folder.Path, "commands"), _cancel))).Message);
    }

    // As if the agent had died while the second file was being made: what it was doing hangs for ever, and another one starts.
    private async Task CutOffAsync(Action? before = null)
    {
        (_node.Hold, _node.HoldFrom) = (_dead.Hold = new(), 2);
        await ExecuteAsync("one");
        await Eventually.PassesAsync(() => Assert.Equal(2, _node.Ran.Count), _cancel);
        (_dead.Executor, _node.Hold) = (_executor, null);
        before?.Invoke();
        await StartAsync();
    }

    private Task<CommandReport> ExecuteAsync(string id) => _executor.ExecuteAsync(new(id, _command, PlannedNode.Fingerprint), _cancel);

    private async Task RestartAsync()
    {
        await _executor.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        var journal = await CommandJournal.LoadAsync(Path.Combine(_folder.Path, "commands"), _cancel);
        _executor = new(_node, _node.Plan, journal, new(_node, TimeProvider.System), TimeProvider.System);
        await _executor.ResumeAsync(_cancel);
    }

    private async Task<CommandReport> EndOfAsync(CommandReport begun)
    {
        var end = begun;
        await Eventually.PassesAsync(() =>
        {
            end = _executor.Reports.Current.ById[begun.OperationId];
            Assert.NotEqual(CommandState.Running, end.State);
        }, _cancel);
        return end;
    }
}
