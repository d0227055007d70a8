using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Database;
using Portal.Operations;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Operations;

public abstract class OperationRunnerTests(TestDatabase database) : IAsyncLifetime
{
    private readonly TestDatabase _database = database;
    private readonly List<string> _done = [];
    private readonly KubeClient _client = new(new KubeConnection(new Uri("http://127.0.0.1:9"), "nowhere"));
    private readonly Live<ClusterSnapshot> _cluster = new(ClusterSnapshot.Empty);
    private readonly TaskCompletionSource _gate = new();

    public async ValueTask InitializeAsync() => await DatabaseServices.MigrateAsync(_database.Databases, Cancel);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_steps_run_in_order_and_the_journal_keeps_them()
    {
        using var runner = await StartedAsync();

        var id = await runner.StartAsync(new TestOperation(Step("one"), Step("two")), "ada", Cancel);
        var ended = await EndOfAsync(runner, id);

        Assert.Equal(["one", "two"], _done);
        Assert.Equal(OperationState.Done, ended.State);
        var kept = (await new Journal(_database.Databases).LoadAsync(10, Cancel)).Find(id)!;
        Assert.Equal(["one Done", "two Done"], kept.Steps.Select(step => step.Id + " " + step.State));
        Assert.Equal("ada", kept.StartedBy);
    }

    [Fact]
    public async Task An_effect_is_in_the_journal_before_it_happens()
    {
        using var runner = await StartedAsync();
        var step = new OperationStep("write", Message.Verbatim("write"), async (run, cancel) =>
            await run.Cluster.DeleteAsync(Node.Kind, new(null, "edge-1"), DeleteOptions.Default, cancel));

        var ended = await EndOfAsync(runner, await runner.StartAsync(new TestOperation(step), "ada", Cancel));

        Assert.Equal(OperationState.Failed, ended.State);
        var kept = (await new Journal(_database.Databases).LoadAsync(10, Cancel)).Find(ended.Id)!;
        Assert.Equal("delete Node edge-1", Assert.Single(kept.Steps[0].Effects).Text);
        Assert.Equal(StepState.Failed, kept.Steps[0].State);
        Assert.NotNull(kept.Problem);
    }

    [Fact]
    public async Task A_failed_operation_says_why_and_can_be_resumed_to_its_end()
    {
        var broken = true;
        var operation = new TestOperation(Step("one"), new("two", Message.Verbatim("two"), (_, _) => broken
            ? throw new OperationFailedException(Message.Verbatim("Disk vdb is in use: unmount it first."))
            : Task.CompletedTask));
        using var runner = await StartedAsync(operation);
        var failed = await EndOfAsync(runner, await runner.StartAsync(operation, "ada", Cancel));

        broken = false;
        await runner.ResumeAsync(failed.Id, Cancel);
        var ended = await EndOfAsync(runner, failed.Id);

        Assert.Equal("Disk vdb is in use: unmount it first.", failed.Problem!.English);
        Assert.Equal(OperationState.Done, ended.State);
        Assert.Null(ended.Problem);
    }

    [Fact]
    public async Task An_operation_that_was_cut_off_is_shown_as_interrupted_after_a_restart()
    {
        using var first = await StartedAsync();
        var id = await first.StartAsync(new TestOperation(Step("one"), Held("two")), "ada", Cancel);
        await ReachedAsync(first, id, "two");
        await first.StopAsync(Cancel);

        using var second = await StartedAsync();

        var cut = second.Live.Current.Find(id)!;
        Assert.Equal(OperationState.Interrupted, cut.State);
        Assert.True(cut.CanResume);
        Assert.Equal([StepState.Done, StepState.Waiting], cut.Steps.Select(step => step.State));
        Assert.Contains("Resume", cut.Steps[1].Report!.English);
    }

    [Fact]
    public async Task Two_operations_on_the_same_do_not_run_at_the_same_time_and_the_second_is_told_so()
    {
        using var runner = await StartedAsync();
        var id = await runner.StartAsync(new TestOperation(Held("one")), "ada", Cancel);

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => runner.StartAsync(new TestOperation(Step("x")), "bob", Cancel));

        Assert.Contains("working on the same", refused.Problem.English);
        _gate.SetResult();
        await EndOfAsync(runner, id);
        await EndOfAsync(runner, await runner.StartAsync(new TestOperation(Step("x")), "bob", Cancel));
    }

    [Fact]
    public async Task A_portal_that_closes_while_an_operation_ends_closes_all_the_same_and_offers_to_resume_it()
    {
        using var runner = await StartedAsync();
        var closed = new TaskCompletionSource<Task>();
        var id = await runner.StartAsync(new TestOperation(new OperationStep("last", Message.Verbatim("last"), (_, _) =>
        {
            closed.SetResult(runner.StopAsync(Cancel));
            throw new OperationFailedException(Message.Verbatim("It failed in the same moment."));
        })), "ada", Cancel);

        await await closed.Task;

        using var second = await StartedAsync();
        Assert.Equal(OperationState.Interrupted, second.Live.Current.Find(id)!.State);
    }

    [Fact]
    public async Task Operations_on_different_things_run_side_by_side()
    {
        using var runner = await StartedAsync();
        var first = await runner.StartAsync(new TestOperation(Held("one")) { On = ["nodes/edge-1"] }, "ada", Cancel);

        var second = await EndOfAsync(runner, await runner.StartAsync(new TestOperation(Step("two")) { On = ["nodes/edge-10", "volumes/shop/data"] }, "bob", Cancel));

        Assert.Equal(OperationState.Done, second.State);
        Assert.Equal(OperationState.Running, runner.Live.Current.Find(first)!.State);
        await Assert.ThrowsAsync<OperationFailedException>(() => runner.StartAsync(new TestOperation(Step("x")) { On = ["nodes"] }, "bob", Cancel));
        await Assert.ThrowsAsync<OperationFailedException>(() => runner.StartAsync(new TestOperation(Step("x")) { On = ["nodes/edge-1/disks"] }, "bob", Cancel));
        _gate.SetResult();
        await EndOfAsync(runner, first);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_and_leaves_the_rest_waiting()
    {
        using var runner = await StartedAsync();
        var waits = new OperationStep("wait", Message.Verbatim("wait"), (run, cancel) =>
            run.WaitUntilAsync(_ => Message.Verbatim("never"), TimeSpan.FromHours(1), cancel));
        var id = await runner.StartAsync(new TestOperation(waits, Step("after")), "ada", Cancel);
        await ReachedAsync(runner, id, "wait");

        await runner.CancelAsync(id);
        var ended = await EndOfAsync(runner, id);

        Assert.Null(ended.Problem);
        Assert.Equal(OperationState.Cancelled, ended.State);
        Assert.Equal([StepState.Waiting, StepState.Waiting], ended.Steps.Select(step => step.State));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task A_wait_reports_what_is_missing_and_ends_when_the_cluster_shows_it()
    {
        using var runner = await StartedAsync();
        var waits = new OperationStep("wait", Message.Verbatim("wait"), (run, cancel) =>
            run.WaitUntilAsync(cluster => cluster.Nodes.IsServed ? Message.Verbatim("nodes are still served") : null, TimeSpan.FromHours(1), cancel));
        var id = await runner.StartAsync(new TestOperation(waits), "ada", Cancel);
        await runner.Live.UntilAsync(state => state.Find(id)!.Steps[0].Report?.English == "nodes are still served", Cancel);

        _cluster.Publish(ClusterSnapshot.Empty with { Nodes = KindSnapshot<Node>.Empty with { IsServed = false } });

        Assert.Equal(OperationState.Done, (await EndOfAsync(runner, id)).State);
    }

    [Fact]
    public async Task What_came_of_a_step_stays_and_what_it_waited_for_does_not()
    {
        using var runner = await StartedAsync();
        var silent = new OperationStep("silent", Message.Verbatim("silent"), (run, _) => { run.Report(Message.Verbatim("waiting")); return Task.CompletedTask; });
        var telling = new OperationStep("telling", Message.Verbatim("telling"), (run, _) => { run.Report(Message.Verbatim("waiting")); run.Conclude(Message.Verbatim("42")); return Task.CompletedTask; });

        var ended = await EndOfAsync(runner, await runner.StartAsync(new TestOperation(silent, telling), "ada", Cancel));

        Assert.Equal([null, "42"], ended.Steps.Select(step => step.Report?.English));
    }

    private OperationStep Step(string id) => new(id, Message.Verbatim(id), (_, _) =>
    {
        _done.Add(id);
        return Task.CompletedTask;
    });

    private OperationStep Held(string id) => new(id, Message.Verbatim(id), (_, cancel) => _gate.Task.WaitAsync(cancel));

    private async Task<OperationRunner> StartedAsync(TestOperation? resumed = null)
    {
        var context = new OperationContext(_client, _cluster, TimeProvider.System);
        var runner = new OperationRunner(new Journal(_database.Databases), [new OperationKind("test", _ => resumed ?? new TestOperation())], () => context,
            TimeProvider.System, NullLogger<OperationRunner>.Instance);
        await runner.StartAsync(Cancel);
        return runner;
    }

    private static async Task<OperationRecord> EndOfAsync(OperationRunner runner, long id) =>
        (await runner.Live.UntilAsync(state => state.Find(id)!.State != OperationState.Running, Cancel)).Find(id)!;

    private static Task ReachedAsync(OperationRunner runner, long id, string step) =>
        runner.Live.UntilAsync(state => state.Find(id)!.Steps.Single(found => found.Id == step).State == StepState.Running, Cancel);

    private sealed class TestOperation(params OperationStep[] steps) : Operation
    {
        public override string Kind => "test";

        public override Message Title => Message.Verbatim("Test");

        public System.Collections.Immutable.ImmutableArray<string> On { get; init; } = [""];

        public override System.Collections.Immutable.ImmutableArray<string> Subjects => On;

        public override string ToJson() => "{}";

        public override Task<System.Collections.Immutable.ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel) =>
            Task.FromResult<System.Collections.Immutable.ImmutableArray<OperationStep>>([.. steps]);
    }
}

public sealed class SqliteOperationRunnerTests() : OperationRunnerTests(new());

public sealed class PostgresOperationRunnerTests() : OperationRunnerTests(TestDatabase.OnPostgres());
