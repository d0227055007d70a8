using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>One thing to be allowed: a verb on a resource, everywhere or in a namespace.</summary>
/// <param name="Name">One object by name; "" means all.</param>
public sealed record AccessRight(string Verb, string Group, string Resource, string? Namespace, string Name = "")
{
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)}{(Namespace is null ? "" : " in " + Namespace)}{(Name.Length == 0 ? "" : " " + Name)}";
}

/// <summary>Asks the API server what the person may do, before anything is done.</summary>
public static class PermissionReview
{
    private static readonly KubeKind<KubeObject> Review =
        new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false, KubeJson.Of<KubeObject>());

    private static readonly string[] ApplyVerbs = ["get", "create", "patch"];
    private static readonly string[] WatchVerbs = ["list", "watch"];
    private static readonly string[] ContentKinds = ["Role", "ClusterRole"];

    /// <summary>What the plan needs and the person lacks; empty when all is allowed.</summary>
    public static async Task<ImmutableArray<AccessRight>> MissingAsync(KubeClient client, InstallPlan plan, CancellationToken cancel)
    {
        // Who may do anything needs no further questions.
        if (await IsAllowedAsync(client, new("*", "*", "*", null), cancel)) return [];
        var missing = new ConcurrentBag<AccessRight>();
        await AskAsync(client, Writes(plan), missing, cancel);
        await AskAsync(client, await GrantsAsync(client, plan, cancel), missing, cancel);
        return [.. missing.Distinct().OrderBy(permission => permission.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Verbs on the objects themselves.</summary>
    internal static IEnumerable<AccessRight> Writes(InstallPlan plan)
    {
        var applied = plan.Objects.SelectMany(planned => ApplyVerbs.Select(verb => new AccessRight(verb, planned.Kind.Group, planned.Kind.Plural, planned.Document.Namespace)));
        var secret = plan.CertificateSecret is { } name ? ApplyVerbs.Select(verb => new AccessRight(verb, "", "secrets", name.Namespace)) : [];
        var watched = new[] { ("", "nodes"), ("", "pods"), ("apps", "deployments"), ("apps", "daemonsets") }
            .SelectMany(kind => WatchVerbs.Select(verb => new AccessRight(verb, kind.Item1, kind.Item2, null)));
        return applied.Concat(secret).Concat(watched).Distinct();
    }

    /// <summary>Every rule of the roles: nobody may grant what they do not hold, unless they may escalate.</summary>
    internal static IEnumerable<AccessRight> Granted(InstallPlan plan) => plan.Objects
        .Where(planned => ContentKinds.Contains(planned.Document.Kind))
        .SelectMany(planned => Rules(planned.Document)).Distinct();

    private static async Task<IEnumerable<AccessRight>> GrantsAsync(KubeClient client, InstallPlan plan, CancellationToken cancel)
    {
        const string group = "rbac.authorization.k8s.io";
        var escalate = await IsAllowedAsync(client, new("escalate", group, "clusterroles", null), cancel)
            && await IsAllowedAsync(client, new("escalate", group, "roles", plan.Spec.Namespace), cancel);
        var bind = await IsAllowedAsync(client, new("bind", group, "clusterroles", null), cancel)
            && await IsAllowedAsync(client, new("bind", group, "roles", plan.Spec.Namespace), cancel);
        return escalate && bind ? [] : Granted(plan);
    }

    private static IEnumerable<AccessRight> Rules(KubeObject role) =>
        from rule in (role.Json["rules"] as JsonArray ?? []).OfType<JsonObject>()
        from verb in Texts(rule["verbs"])
        from apiGroup in Texts(rule["apiGroups"])
        from resource in Texts(rule["resources"])
        from name in rule["resourceNames"] is JsonArray names ? Texts(names) : [""]
        select new AccessRight(verb, apiGroup, resource, role.Namespace, name);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string?)item ?? "");

    private static Task AskAsync(KubeClient client, IEnumerable<AccessRight> permissions, ConcurrentBag<AccessRight> missing, CancellationToken cancel) =>
        Parallel.ForEachAsync(permissions, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (permission, stop) =>
        {
            if (!await IsAllowedAsync(client, permission, stop)) missing.Add(permission);
        });

    private static async Task<bool> IsAllowedAsync(KubeClient client, AccessRight permission, CancellationToken cancel)
    {
        var parts = permission.Resource.Split('/', 2);
        var attributes = new JsonObject { ["verb"] = permission.Verb, ["group"] = permission.Group, ["resource"] = parts[0] };
        if (parts.Length == 2) attributes["subresource"] = parts[1];
        if (permission.Namespace is { } ns) attributes["namespace"] = ns;
        if (permission.Name.Length > 0) attributes["name"] = permission.Name;
        var review = new KubeObject(new JsonObject
        {
            ["apiVersion"] = Review.ApiVersion,
            ["kind"] = Review.Kind,
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        });
        var answer = await client.CreateAsync(Review, review, WriteOptions.Default, cancel);
        return (bool?)answer.Json["status"]?["allowed"] ?? false;
    }
}
