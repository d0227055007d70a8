using Portal.Core.Agents;

namespace Portal.Agents;

/// <summary>The service account that agents in the cluster run as: no other account's token speaks for a node.</summary>
public sealed record AgentAccount(string Namespace, string Name)
{
    public static readonly AgentAccount Default = new(AgentContract.Namespace, AgentContract.ServiceAccount);

    public string UserName => $"system:serviceaccount:{Namespace}:{Name}";
}
