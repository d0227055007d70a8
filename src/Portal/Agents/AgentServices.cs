using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Agents;
using Portal.Core.Kubernetes;

namespace Portal.Agents;

/// <summary>Registers the agents' hub: who is let in, what is known of them, where their samples go.</summary>
public static class AgentServices
{
    // The inventory of a node with hundreds of devices.
    private const long LargestMessage = 4 << 20;

    // Asking for a plan must not wait for samples that are being written.
    private const int AtOnceOfOne = 4;

    public static void AddAgents(this IServiceCollection services)
    {
        services.TryAddSingleton(AgentAccount.Default);
        services.AddSingleton<AgentRegistry>();
        services.AddSingleton(provider => provider.GetRequiredService<AgentRegistry>().Live);
        services.AddSingleton<JoinTokens>();
        services.AddSingleton<AgentTokens>();
        services.AddSingleton<AgentRefusals>();
        services.AddHostedService(provider => provider.GetRequiredService<AgentRefusals>());
        services.AddSingleton<SampleInbox>();
        services.AddHostedService(provider => provider.GetRequiredService<SampleInbox>());
        services.AddSingleton<GroupBackups>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupBackups>());
        services.AddHostedService<DemoAgents>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AgentAuthentication>(AgentAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddSingleton<IUserIdProvider, NodeName>();
        services.AddSignalR()
            .AddHubOptions<AgentHub>(hub => (hub.MaximumReceiveMessageSize, hub.MaximumParallelInvocationsPerClient) = (LargestMessage, AtOnceOfOne))
            .AddJsonProtocol(json => json.PayloadSerializerOptions = Strict());
    }

    public static void MapAgents(this WebApplication app) => app.MapHub<AgentHub>(AgentContract.Path, http =>
    {
        http.Transports = HttpTransportType.WebSockets;
        // The agent connects again with its renewed token.
        http.CloseOnAuthenticationExpiration = true;
    });

    /// <summary>A node may be in other hands: what lacks a part is refused here, and does not become a null further in.</summary>
    private static JsonSerializerOptions Strict() => new(KubeJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private sealed class NodeName : IUserIdProvider
    {
        public string? GetUserId(HubConnectionContext connection) => connection.User.Identity?.Name;
    }
}
