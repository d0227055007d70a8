using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Testing;

/// <summary>What a user may do in the whole cluster: one role of his own, with these verbs on everything.</summary>
public static class RoleGrant
{
    public const string Everything = """["*"]""";
    public const string Reading = """["get","list","watch"]""";

    /// <summary>Takes the place of what was given before.</summary>
    public static Task GiveAsync(KubeClient admin, string user, string verbs, CancellationToken cancel) => GiveAsync(admin, user, verbs, """["*"]""", cancel);

    /// <summary>On every kind that is served, and on nothing that stands behind one: no log, no Pod's server, no kubelet.</summary>
    public static async Task GiveOnObjectsAsync(KubeClient admin, string user, string verbs, CancellationToken cancel)
    {
        var kinds = (await admin.DiscoverAsync(cancel)).Kinds.Select(kind => kind.Plural).Distinct();
        await GiveAsync(admin, user, verbs, JsonSerializer.Serialize(kinds), cancel);
    }

    private static async Task GiveAsync(KubeClient admin, string user, string verbs, string resources, CancellationToken cancel)
    {
        var role = $$$"""{"kind":"ClusterRole","metadata":{"name":"{{{user}}}"},"rules":[{"apiGroups":["*"],"resources":{{{resources}}},"verbs":{{{verbs}}}}]}""";
        var binding = $$$"""
            {"kind":"ClusterRoleBinding","metadata":{"name":"{{{user}}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{user}}}"}],
            "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{user}}}"}}
            """;
        var api = await admin.DiscoverAsync(cancel);
        foreach (var document in new[] { role, binding }.Select(json => JsonNode.Parse(json)!.AsObject()))
        {
            document["apiVersion"] = "rbac.authorization.k8s.io/v1";
            await admin.ApplyAsync(api.Find("rbac.authorization.k8s.io/v1", (string)document["kind"]!)!, new KubeObject(document), WriteOptions.Default, cancel);
        }
    }
}
