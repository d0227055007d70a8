using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;
using Portal.Layout;

namespace Portal.Cluster;

/// <summary>Writes into the log why what the pages show is not kept current: the banner's sentence, once, however many kinds it keeps from being read.</summary>
public sealed partial class FreshnessLog(Live<ClusterSnapshot> cluster, ILogger<FreshnessLog> logger) : IHostedService
{
    private IDisposable? _subscription;
    private Message? _written;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = cluster.Subscribe(Write);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    // Snapshots come from one loop, one after the other.
    private void Write()
    {
        var problem = ShownFreshness.Of(cluster.Current).Problem;
        var sentence = problem is null ? null : KubeProblem.Explain(problem);
        if (sentence == _written) return;
        _written = sentence;
        if (problem is null) LogCurrent();
        // Of what nobody foresaw the sentence is not enough.
        else LogProblem(KubeProblem.IsOfCluster(problem) || problem is TimeoutException ? null : problem, sentence!.English);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster is not followed at the moment: {Problem}")]
    private partial void LogProblem(Exception? unforeseen, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster is followed again")]
    private partial void LogCurrent();
}
