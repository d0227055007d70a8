using System.Collections.Immutable;
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

/// <summary>The server of the journal is away while an operation runs.</summary>
public sealed class LostJournalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_changed_that_cannot_be_written_down_and_the_end_is_written_down_when_the_journal_is_back()
    {
        await using var server = await PostgresServer.StartAsync();
        using var test = TestDatabase.OnPostgres(server);
        await DatabaseServices.MigrateAsync(test.Databases, Cancel);
        using var client = new KubeClient(new KubeConnection(new Uri("http://127.0.0.1:9"), "nowhere"));
        var context = new OperationContext(client, new Live<ClusterSnapshot>(ClusterSnapshot.Empty), TimeProvider.System);
        using var runner = new OperationRunner(new Journal(test.Databases), [], () => context, TimeProvider.System, NullLogger<OperationRunner>.Instance);
        await runner.StartAsync(Cancel);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var id = await runner.StartAsync(new Deletion(server.StopAsync, refused.SetResult), "ada", Cancel);
        await refused.Task.WaitAsync(Cancel);

        // Another one is not begun, and the first goes on being shown: what it did last is not known to the journal yet.
        Assert.Equal(DatabaseTexts.NotWritten, (await Assert.ThrowsAsync<OperationFailedException>(() => runner.StartAsync(new Deletion(() => Task.CompletedTask, () => { }) { On = ["other"] }, "bob", Cancel))).Problem);
        Assert.Equal(OperationState.Running, runner.Live.Current.Find(id)!.State);
        await server.StartAgainAsync();
        var ended = (await runner.Live.UntilAsync(state => state.Find(id)!.State != OperationState.Running, Cancel)).Find(id)!;

        Assert.Equal((OperationState.Failed, DatabaseTexts.StoppedByDatabase), (ended.State, ended.Problem));
        var kept = (await new Journal(test.Databases).LoadAsync(10, Cancel)).Find(id)!;
        Assert.Equal(OperationState.Failed, kept.State);
        Assert.Empty(kept.Steps[0].Effects);
    }

    private sealed class Deletion(Func<Task> before, Action refused) : Operation
    {
        public ImmutableArray<string> On { get; init; } = ["this"];

        public override string Kind => "test";

        public override Message Title => Message.Verbatim("Test");

        public override ImmutableArray<string> Subjects => On;

        public override string ToJson() => "{}";

        public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel) =>
            Task.FromResult<ImmutableArray<OperationStep>>([new("delete", Message.Verbatim("delete"), async (run, stop) =>
            {
                await before();
                try
                {
                    await run.Cluster.DeleteAsync(Node.Kind, new(null, "edge-1"), DeleteOptions.Default, stop);
                }
                finally
                {
                    refused();
                }
            })]);
    }
}
