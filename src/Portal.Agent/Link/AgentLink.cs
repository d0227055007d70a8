using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Agent.Spool;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Link;

// The agent dials out and never listens. A connection says hello, hears what the portal has, and then tells three things side by side: the
// inventory, reports of commands, samples. All three are kept on this side until they are answered, so that a connection may break anywhere.
// SignalR's own reconnecting is not used: it neither repeats the first try nor reads the token anew.

/// <summary>Keeps the node connected to its portal, for as long as the agent runs.</summary>
public sealed partial class AgentLink(LinkOptions options, AgentDuties duties, SampleSpool spool, TimeProvider time, ILogger<AgentLink> logger)
{
    private const int BatchBytes = 256 << 10;

    private readonly string _instanceId = Guid.NewGuid().ToString("N");
    private readonly BackOff _backOff = new(LinkOptions.FirstPause, LinkOptions.LongestPause);

    /// <summary>Whether the portal has welcomed the agent.</summary>
    public Live<LinkState> State { get; } = new(LinkState.Down);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await ConnectAndServeAsync(cancel);
                LogClosed(options.Portal);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                LogLost(options.Portal, failed.Message);
            }
            finally
            {
                State.Publish(LinkState.Down);
            }
            await Task.Delay(_backOff.Next(), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAndServeAsync(CancellationToken cancel)
    {
        await using var hub = Build();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += error =>
        {
            if (error is null) closed.TrySetResult();
            else closed.TrySetException(error);
            return Task.CompletedTask;
        };
        await ConnectAsync(hub, cancel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] work = [closed.Task, TellInventoryAsync(hub, end.Token), TellReportsAsync(hub, end.Token), TellSamplesAsync(hub, end.Token)];
        var first = await Task.WhenAny(work);
        await end.CancelAsync();
        await Task.WhenAll(work[1..]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task ConnectAsync(HubConnection hub, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(LinkOptions.ConnectLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await hub.StartAsync(either.Token);
            var hello = new AgentHello(AgentContract.Version, options.Node, _instanceId, spool.Id, AgentVersion) { Unacknowledged = [.. duties.Reports.Current.ById.Values] };
            var welcome = await hub.InvokeAsync<AgentWelcome>(AgentContract.Hello, hello, either.Token);
            spool.Acknowledge(welcome.AcknowledgedSequence);
            duties.SetPace(welcome.SampleEvery);
            foreach (var report in hello.Unacknowledged) duties.Answered(report);
            State.Publish(new(true, welcome.AcknowledgedSequence));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no welcome within {LinkOptions.ConnectLimit.TotalSeconds:0} s");
        }
        _backOff.Reset();
        LogConnected(options.Portal, options.Node);
    }

    private HubConnection Build()
    {
        var address = new UriBuilder(new Uri(options.Portal, AgentContract.Path.TrimStart('/'))) { Scheme = options.Portal.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(address.Uri));
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(ReadTokenAsync, options.AuthorityFile));
        builder.AddJsonProtocol(json => json.PayloadSerializerOptions = new(ContractJson.Default.Options));
        var hub = builder.Build();
        hub.On<PlanRequest, NodePlan>(AgentContract.Plan, request => duties.PlanAsync(request.Command, CancellationToken.None));
        hub.On<CommandRequest, CommandReport>(AgentContract.Execute, request => duties.ExecuteAsync(request, CancellationToken.None));
        hub.On<TimeSpan>(AgentContract.SetPace, duties.SetPace);
        hub.On(AgentContract.Refresh, async () =>
        {
            await duties.RefreshAsync(CancellationToken.None);
            return true;
        });
        return hub;
    }

    private async Task<Secret> ReadTokenAsync(CancellationToken cancel) => new((await File.ReadAllTextAsync(options.TokenFile, cancel)).Trim());

    private async Task TellInventoryAsync(HubConnection hub, CancellationToken cancel)
    {
        var changed = new Signal();
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = duties.Inventory.Subscribe(changed.Set);
        var told = NodeInventory.Empty;
        while (true)
        {
            var inventory = duties.Inventory.Current;
            // The parts of an inventory that was read again unchanged are the very same: this compares references.
            if (told != NodeInventory.Empty && inventory == told with { TakenAt = inventory.TakenAt }) await hub.InvokeAsync(AgentContract.Unchanged, inventory.TakenAt, cancel);
            else if (inventory != NodeInventory.Empty) await hub.InvokeAsync(AgentContract.Report, inventory, cancel);
            told = inventory;
            await changed.WaitAsync(cancel);
        }
    }

    private async Task TellReportsAsync(HubConnection hub, CancellationToken cancel)
    {
        var changed = new Signal();
        using var subscription = duties.Reports.Subscribe(changed.Set);
        while (true)
        {
            foreach (var report in duties.Reports.Current.ById.Values)
            {
                await hub.InvokeAsync(AgentContract.CommandReported, report, cancel);
                duties.Answered(report);
            }
            await changed.WaitAsync(cancel);
        }
    }

    private async Task TellSamplesAsync(HubConnection hub, CancellationToken cancel)
    {
        var told = State.Current.AcknowledgedSequence;
        while (true)
        {
            var batch = spool.ReadAfter(told, BatchBytes);
            if (batch.IsEmpty)
            {
                await spool.Appended.WaitAsync(cancel);
                continue;
            }
            var kept = await hub.InvokeAsync<long>(AgentContract.Samples, new SampleBatch(batch), cancel);
            if (kept < batch[^1].Sequence) throw new LinkRefusedException("the portal did not keep the samples that it was sent");
            spool.Acknowledge(told = kept);
        }
    }

    private static string AgentVersion { get; } = typeof(AgentLink).Assembly.GetName().Version?.ToString(3) ?? "";

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Portal} as node {Node}")]
    private partial void LogConnected(Uri portal, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "The portal at {Portal} has closed the connection")]
    private partial void LogClosed(Uri portal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection to {Portal}: {Problem}")]
    private partial void LogLost(Uri portal, string problem);
}

/// <summary>How the link stands.</summary>
/// <param name="AcknowledgedSequence">What the portal had of this spool when the connection began.</param>
public sealed record LinkState(bool IsUp, long AcknowledgedSequence)
{
    public static readonly LinkState Down = new(false, 0);
}
