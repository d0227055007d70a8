using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Portal.Core.Agents;
using Portal.Core.Disks;

namespace Portal.Agents;

/// <summary>What agents tell the portal. Whoever is here has proved to speak for one node.</summary>
[Authorize(AuthenticationSchemes = AgentAuthentication.SchemeName)]
public sealed class AgentHub(AgentRegistry agents, SampleInbox inbox, IHubContext<AgentHub> hub, AgentRefusals refusals, TimeProvider time) : Hub
{
    private const string ConnectionItem = "connection";

    [HubMethodName(AgentContract.Hello)]
    public AgentWelcome Hello(AgentHello hello)
    {
        if (hello.Node != Context.UserIdentifier) throw Refuse(hello.Node, $"its token speaks for node {Context.UserIdentifier}");
        if (hello.Version != AgentContract.Version)
            throw new HubException($"The portal speaks version {AgentContract.Version}, this agent version {hello.Version}: install the agent of the portal's release.");
        var connection = new HubAgentConnection(Context, hello.SpoolId, hub.Clients.Client(Context.ConnectionId), time);
        Context.Items[ConnectionItem] = connection;
        agents.Connect(connection, hello);
        return new(AgentContract.Version, inbox.KeptOf(hello.Node, hello.SpoolId), agents.PaceOf(hello.Node));
    }

    [HubMethodName(AgentContract.Report)]
    public void Report(NodeInventory inventory) => agents.Report(Connection, inventory);

    [HubMethodName(AgentContract.Unchanged)]
    public void Unchanged(DateTimeOffset takenAt) => agents.Confirm(Connection, takenAt);

    /// <returns>The highest sequence number that is kept; the agent forgets up to there.</returns>
    [HubMethodName(AgentContract.Samples)]
    public Task<long> SamplesAsync(SampleBatch batch) => inbox.KeepAsync(Connection.Node, Connection.SpoolId, batch.Samples, Context.ConnectionAborted);

    [HubMethodName(AgentContract.CommandReported)]
    public Task CommandReportedAsync(CommandReport report, [FromServices] GroupBackups backups)
    {
        var node = Connection.Node;
        agents.Keep(report);
        // The answer comes when its backups are kept: until then the agent sends it again.
        return backups.KeepAsync(node, report, Context.ConnectionAborted);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.TryGetValue(ConnectionItem, out var connection)) agents.Disconnect((AgentConnection)connection!);
        return base.OnDisconnectedAsync(exception);
    }

    private HubAgentConnection Connection =>
        Context.Items.TryGetValue(ConnectionItem, out var connection) ? (HubAgentConnection)connection! : throw Refuse(null, "it did not say hello first");

    private HubException Refuse(string? node, string reason)
    {
        refusals.Note(Context.GetHttpContext()?.Connection.RemoteIpAddress?.ToString() ?? "", node, reason);
        Context.Abort();
        return new HubException("refused");
    }
}
