using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.Kubernetes;

/// <summary>An informer of nodes at work against a scripted server, on a clock that the test moves.</summary>
internal sealed class RunningInformer : IAsyncDisposable
{
    private readonly ScriptedServer _server;
    private readonly KubeClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RunningInformer(ScriptedServer server)
    {
        _server = server;
        _client = new KubeClient(server.Connection);
        Informer = new Informer<Node>(_client, Node.Kind, ListQuery.All, Time, NullLogger.Instance);
        _running = Informer.RunAsync(_stop.Token);
    }

    public ManualTime Time { get; } = new();

    public Informer<Node> Informer { get; }

    public IReadOnlyCollection<string> Requests => _server.Requests;

    public KindSnapshot<Node> Current => Informer.Live.Current;

    public static async Task<RunningInformer> StartAsync(WatchedNodes nodes) => new(await ScriptedServer.StartAsync(nodes.AnswerAsync));

    public Task<KindSnapshot<Node>> ReachesAsync(Func<KindSnapshot<Node>, bool> condition) =>
        Informer.Live.UntilAsync(condition, TestContext.Current.CancellationToken);

    public Task<KindSnapshot<Node>> HoldsAsync(params string[] names) =>
        ReachesAsync(snapshot => snapshot.Freshness.IsLive && snapshot.Items.Keys.Select(name => name.Name).Order().SequenceEqual(names.Order()));

    /// <summary>Waits until a try has failed that is not the last known, so that none is under way; returns its problem.</summary>
    public async Task<Exception> FailsAgainAsync(Exception? last) =>
        (await ReachesAsync(snapshot => snapshot.Freshness.Problem is { } problem && problem != last)).Freshness.Problem!;

    /// <summary>Waits until the informer pauses between two tries, for at most that long, and moves the clock past it.</summary>
    public async Task AfterPauseAsync(TimeSpan atMost)
    {
        await PausesAsync(atMost);
        Time.Advance(atMost);
    }

    public Task PausesAsync(TimeSpan atMost) => Time.TimerDueWithinAsync(atMost).WaitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
    }
}
