using Microsoft.Extensions.Logging;
using Portal.Agent.Node;
using Portal.Agent.Spool;
using Portal.Core;
using Portal.Core.Agents;

namespace Portal.Agent;

/// <summary>Takes a sample of the node's counters at the pace that the portal wants, whether the portal hears it now or in a week.</summary>
internal sealed partial class Sampler(INodeProbe node, SampleSpool spool, TimeProvider time, ILogger<Sampler> logger)
{
    private readonly Signal _paceChanged = new();
    private TimeSpan _every = AgentPace.Unwatched;

    public void SetPace(TimeSpan every)
    {
        // A pace that nobody can have meant would wear out the node.
        _every = every < AgentPace.Watched ? AgentPace.Watched : every;
        _paceChanged.Set();
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await TakeAsync(cancel);
                await WaitAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    private async Task TakeAsync(CancellationToken cancel)
    {
        try
        {
            spool.Append(await node.ReadSampleAsync(cancel));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or FormatException)
        {
            LogLost(failed.Message);
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] waits = [Task.Delay(_every, time, woken.Token), _paceChanged.WaitAsync(woken.Token)];
        await Task.WhenAny(waits);
        await woken.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sample was lost: {Problem}")]
    private partial void LogLost(string problem);
}
