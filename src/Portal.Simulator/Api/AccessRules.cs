using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>What somebody wants to do.</summary>
internal sealed record AccessAttempt(string Verb, string Group, string Resource, string? Namespace, string? Name);

/// <summary>Role-based access from the roles and bindings in the store.</summary>
internal sealed class AccessRules(ObjectStore store, ResourceCatalog catalog)
{
    private const string Rbac = ".rbac.authorization.k8s.io";

    public bool Allows(ApiUser user, AccessAttempt attempt) => user.IsMaster || RulesOf(user, attempt.Namespace).Any(rule => Covers(rule, attempt));

    /// <summary>Every rule that holds for a user, cluster-wide and in a namespace.</summary>
    public IEnumerable<JsonObject> RulesOf(ApiUser user, string? ns)
    {
        foreach (var binding in store.All(catalog["clusterrolebindings" + Rbac]).Select(binding => binding.Read()).Where(binding => Binds(binding, user, null)))
            foreach (var rule in RulesOf(binding, null)) yield return rule;
        if (string.IsNullOrEmpty(ns)) yield break;
        foreach (var binding in store.AllIn(catalog["rolebindings" + Rbac], ns).Select(binding => binding.Read()).Where(binding => Binds(binding, user, ns)))
            foreach (var rule in RulesOf(binding, ns)) yield return rule;
    }

    /// <summary>Why a role with these rules must not be written by this user, or null: nobody gives what he does not have.</summary>
    public string? WhyEscalates(ApiUser user, string? ns, JsonObject role, string resource)
    {
        if (user.IsMaster || Allows(user, new("escalate", "rbac.authorization.k8s.io", resource, ns, Document.Text(role["metadata"]?["name"])))) return null;
        var own = RulesOf(user, ns).ToArray();
        var missing = Defaults.Items(role["rules"]).Where(rule => !IsHeld(rule, own)).Select(rule => rule.ToJsonString()).ToArray();
        return missing.Length == 0 ? null : $"user \"{user.Name}\" (groups=[{string.Join(" ", user.Groups.Select(group => $"\"{group}\""))}]) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', missing)}";
    }

    public static string WhyNot(ApiUser user, AccessAttempt attempt) =>
        $"User \"{user.Name}\" cannot {attempt.Verb} resource \"{attempt.Resource}\" in API group \"{attempt.Group}\" "
        + (string.IsNullOrEmpty(attempt.Namespace) ? "at the cluster scope" : $"in the namespace \"{attempt.Namespace}\"");

    private static bool IsHeld(JsonObject rule, JsonObject[] own) =>
        (from verb in Texts(rule, "verbs") from @group in Texts(rule, "apiGroups") from resource in Texts(rule, "resources")
         from name in Texts(rule, "resourceNames").DefaultIfEmpty() select new AccessAttempt(verb, @group, resource, null, name))
        .All(attempt => own.Any(held => Covers(held, attempt)));

    private JsonObject[] RulesOf(JsonObject binding, string? ns)
    {
        var (kind, name) = (Document.Text(binding["roleRef"]?["kind"]), Document.Text(binding["roleRef"]?["name"]) ?? "");
        if (kind == "ClusterRole" && name == "cluster-admin") return [JsonNode.Parse("""{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}""")!.AsObject()];
        var role = kind == "ClusterRole" ? store.Find(catalog["clusterroles" + Rbac], new(null, name)) : ns is null ? null : store.Find(catalog["roles" + Rbac], new(ns, name));
        return role is null ? [] : [.. Defaults.Items(role.Read()["rules"])];
    }

    private static bool Binds(JsonObject binding, ApiUser user, string? ns) => Defaults.Items(binding["subjects"]).Any(subject =>
    {
        var name = Document.Text(subject["name"]);
        return Document.Text(subject["kind"]) switch
        {
            "User" => name == user.Name,
            "Group" => user.Groups.Contains(name ?? ""),
            "ServiceAccount" => user.Name == $"system:serviceaccount:{Document.Text(subject["namespace"]) ?? ns}:{name}",
            _ => false,
        };
    });

    private static bool Covers(JsonObject rule, AccessAttempt attempt) =>
        Has(rule, "verbs", attempt.Verb) && Has(rule, "apiGroups", attempt.Group)
        && (Has(rule, "resources", attempt.Resource) || (attempt.Resource.Contains('/', StringComparison.Ordinal) && Texts(rule, "resources").Contains("*/" + attempt.Resource.Split('/')[1])))
        && (!Texts(rule, "resourceNames").Any() || (attempt.Name is not null && Texts(rule, "resourceNames").Contains(attempt.Name)));

    private static bool Has(JsonObject rule, string list, string value) => Texts(rule, list).Any(text => text == value || text == "*");

    private static IEnumerable<string> Texts(JsonObject rule, string list) => rule[list] is JsonArray texts ? texts.Select(text => Document.Text(text) ?? "") : [];
}
