using System.Diagnostics;
using Portal.Agent.Programs;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent;

public sealed class ProgramRunnerTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_reach_the_program_as_they_are_and_in_english()
    {
        Assert.Equal("$(id) * a b;C\n", await ProgramRunner.Direct.ReadAsync(["sh", "-c", "echo \"$1;$LC_ALL\"", "sh", "$(id) * a b"], _cancel));
    }

    [Fact]
    public async Task Nothing_is_on_standard_input() => Assert.Equal("", await ProgramRunner.Direct.ReadAsync(["cat"], _cancel));

    [Fact]
    public async Task What_is_said_comes_line_by_line_while_it_runs()
    {
        var (said, fifo) = (new List<string>(), Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));
        await ProgramRunner.Direct.ReadAsync(["mkfifo", fifo], _cancel);

        var running = ProgramRunner.Direct.RunAsync(["sh", "-c", "echo one; echo two >&2; read answer < \"$0\"; exit 3", fifo], said.Add, _cancel);
        await Eventually.PassesAsync(() => Assert.Equal(["one", "two"], said.Order()), _cancel);
        Assert.False(running.IsCompleted);
        await File.WriteAllTextAsync(fifo, "go on\n", _cancel);

        Assert.Equal(3, await running);
        File.Delete(fifo);
    }

    [Fact]
    public async Task A_program_dies_with_its_token_and_so_do_its_children()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource<int>();

        var running = ProgramRunner.Direct.RunAsync(["sh", "-c", "sleep 600 & echo $!; wait"], line => started.TrySetResult(int.Parse(line, null)), stop.Token);
        var child = await started.Task.WaitAsync(Eventually.Limit, _cancel);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.PassesAsync(() => Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == child), _cancel);
    }
}
