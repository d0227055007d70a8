using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>Whether a pod's own rules let it run on a node: node selector, node affinity, taints. The reasons are kube-scheduler's.</summary>
internal static class NodeFit
{
    /// <summary>Null when the pod may run there.</summary>
    public static string? WhyNot(JsonNode? podSpec, KubeObject node)
    {
        if (!MatchesAffinity(podSpec, node)) return "node(s) didn't match node selector";
        var taint = node.Json.Objects("spec", "taints").FirstOrDefault(taint => taint.Text("effect") is "NoSchedule" or "NoExecute" && !IsTolerated(podSpec, taint));
        if (taint is not null) return $"node(s) had taint {{{taint.Text("key")}: {taint.Text("value")}}}, that the pod didn't tolerate";
        return node.Json.Flag("spec", "unschedulable") && !Tolerates(podSpec, "node.kubernetes.io/unschedulable", "", "NoSchedule") ? "node(s) were unschedulable" : null;
    }

    public static bool MatchesAffinity(JsonNode? podSpec, KubeObject node)
    {
        if (podSpec.Entries("nodeSelector").Any(wanted => node.Metadata.Labels.GetValueOrDefault(wanted.Key) != wanted.Value)) return false;
        var required = podSpec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required is null || MatchesAnyTerm(required, node);
    }

    /// <summary>A node selector: its terms are alternatives, the expressions of a term must all hold.</summary>
    public static bool MatchesAnyTerm(JsonNode selector, KubeObject node) => selector.Objects("nodeSelectorTerms").Any(term =>
        term.Objects("matchExpressions").All(expression => Holds(expression, node.Metadata.Labels.GetValueOrDefault(expression.Text("key"))))
        && term.Objects("matchFields").All(expression => Holds(expression, node.Name))
        && (term.Objects("matchExpressions").Any() || term.Objects("matchFields").Any()));

    public static bool Holds(JsonObject expression, string? value) => expression.Text("operator") switch
    {
        "In" => value is not null && expression.Texts("values").Contains(value),
        "NotIn" => value is null || !expression.Texts("values").Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => long.TryParse(value, out var number) && number > long.Parse(expression.Texts("values").First(), System.Globalization.CultureInfo.InvariantCulture),
        "Lt" => long.TryParse(value, out var number) && number < long.Parse(expression.Texts("values").First(), System.Globalization.CultureInfo.InvariantCulture),
        _ => false,
    };

    /// <summary>A label selector with matchLabels and matchExpressions.</summary>
    public static bool Selects(JsonNode? selector, ObjectMeta metadata) => selector is not null
        && selector.Entries("matchLabels").All(wanted => metadata.Labels.GetValueOrDefault(wanted.Key) == wanted.Value)
        && selector.Objects("matchExpressions").All(expression => Holds(expression, metadata.Labels.GetValueOrDefault(expression.Text("key"))));

    public static bool IsTolerated(JsonNode? podSpec, JsonObject taint) => Tolerates(podSpec, taint.Text("key"), taint.Text("value"), taint.Text("effect"));

    private static bool Tolerates(JsonNode? podSpec, string key, string value, string effect) => podSpec.Objects("tolerations").Any(toleration =>
        (toleration.Text("effect").Length == 0 || toleration.Text("effect") == effect)
        && (toleration.Text("key").Length == 0 ? toleration.Text("operator") == "Exists" : toleration.Text("key") == key)
        && (toleration.Text("operator") == "Exists" || toleration.Text("value") == value));
}
