using Microsoft.AspNetCore.SignalR;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Agents;

/// <summary>An agent at the other end of a SignalR connection.</summary>
public sealed class HubAgentConnection(HubCallerContext caller, string spoolId, ISingleClientProxy client, TimeProvider time) : AgentConnection(caller.UserIdentifier!)
{
    // Reading every disk of a slow node.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    /// <summary>Of whose numbers its samples are.</summary>
    public string SpoolId => spoolId;

    public override Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel) =>
        AskAsync(token => client.InvokeAsync<NodePlan>(AgentContract.Plan, new PlanRequest(command), token), cancel);

    public override Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel) =>
        AskAsync(token => client.InvokeAsync<CommandReport>(AgentContract.Execute, request, token), cancel);

    public override Task RefreshAsync(CancellationToken cancel) => AskAsync(token => client.InvokeAsync<bool>(AgentContract.Refresh, token), cancel);

    public override void SetPace(TimeSpan sampleEvery) => _ = client.SendAsync(AgentContract.SetPace, sampleEvery, caller.ConnectionAborted);

    public override void Abort() => caller.Abort();

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> askAsync, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token, caller.ConnectionAborted);
        try
        {
            return await askAsync(either.Token);
        }
        catch (Exception broken) when (broken is IOException || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new AgentUnreachableException(AgentTexts.LinkLost(Node));
        }
        catch (HubException failed)
        {
            throw new AgentUnreachableException(AgentTexts.AgentFailed(Node, Message.Verbatim(failed.Message)));
        }
    }
}
