using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install.Removal;

// A removal works on what is found, whoever made it and however far an earlier removal came. An object is TopoLVM's when
// it carries TopoLVM's label or a name that one of the profiles gives, and, where the kind is cluster-wide, when it also
// points to this namespace or driver: two TopoLVMs may stand side by side.

/// <summary>An object of TopoLVM that stands in the cluster.</summary>
public sealed record InstalledObject(KubeKind<KubeObject> Kind, KubeObject Document, RemovalStage Stage)
{
    public LiveName Name => LiveName.Of(Kind, Document);
}

/// <summary>Finds TopoLVM's objects of one namespace and group.</summary>
public sealed class InstalledObjects(KubeClient client, ApiResources api, RemovalSpec spec)
{
    private static readonly (string Group, string Kind, RemovalStage Stage)[] Kinds =
    [
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", RemovalStage.Webhook),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", RemovalStage.Webhook),
        ("apps", "DaemonSet", RemovalStage.Nodes), ("apps", "Deployment", RemovalStage.Controller),
        ("", "Service", RemovalStage.Controller), ("policy", "PodDisruptionBudget", RemovalStage.Controller),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding", RemovalStage.Access), ("rbac.authorization.k8s.io", "ClusterRole", RemovalStage.Access),
        ("rbac.authorization.k8s.io", "RoleBinding", RemovalStage.Access), ("rbac.authorization.k8s.io", "Role", RemovalStage.Access),
        ("", "ServiceAccount", RemovalStage.Access), ("policy", "PodSecurityPolicy", RemovalStage.Access),
        ("", "ConfigMap", RemovalStage.Configuration), ("scheduling.k8s.io", "PriorityClass", RemovalStage.Configuration),
        ("coordination.k8s.io", "Lease", RemovalStage.Configuration), ("monitoring.coreos.com", "PodMonitor", RemovalStage.Configuration),
        ("cert-manager.io", "Certificate", RemovalStage.Certificate), ("cert-manager.io", "Issuer", RemovalStage.Certificate),
        ("", "Secret", RemovalStage.Certificate),
        ("storage.k8s.io", "StorageClass", RemovalStage.Storage), ("storage.k8s.io", "CSIDriver", RemovalStage.Storage),
        ("storage.k8s.io", "CSIStorageCapacity", RemovalStage.Storage),
        ("apiextensions.k8s.io", "CustomResourceDefinition", RemovalStage.Definition),
    ];

    private readonly HashSet<LiveName> _known = KnownNames(api, spec);

    /// <summary>What stands of some stages, in the order in which it is to be removed.</summary>
    public async Task<ImmutableArray<InstalledObject>> FindAsync(CancellationToken cancel, params RemovalStage[] stages)
    {
        // A scheduler's DaemonSet is a DaemonSet: asking for one of the two stages lists the kinds of both.
        var wanted = Kinds.Where(kind => stages.Contains(kind.Stage) || (stages.Contains(RemovalStage.Scheduler) && kind.Group == "apps"));
        var found = ImmutableArray.CreateBuilder<InstalledObject>();
        foreach (var (group, kindName, _) in wanted)
        {
            if (api.FindInGroup(group, kindName) is not { } kind) continue;
            var query = new ListQuery { Namespace = kind.Namespaced ? spec.Namespace : null };
            foreach (var item in (await client.ListAllAsync(kind, query, cancel)).Items.Select(item => item.WithKind(kind)))
            {
                if (!IsOurs(kind, item, found)) continue;
                var stage = StageOf(kind, item);
                if (stages.Contains(stage)) found.Add(new(kind, item, stage));
            }
        }
        return [.. found.OrderBy(installed => installed.Stage)];
    }

    private static RemovalStage StageOf(KubeKind kind, KubeObject item) =>
        kind.Group == "apps" && item.Name.Contains("scheduler", StringComparison.Ordinal) ? RemovalStage.Scheduler : Kinds.First(known => known.Group == kind.Group && known.Kind == kind.Kind).Stage;

    private bool IsOurs(KubeKind kind, KubeObject item, IReadOnlyList<InstalledObject> found)
    {
        var labels = item.Metadata.Labels;
        var claimed = labels.GetValueOrDefault("app.kubernetes.io/name") == "topolvm" || labels.GetValueOrDefault(InstallPlan.ManagedByLabel) == KubeClient.FieldManager
            || _known.Contains(LiveName.Of(kind, item));
        return kind.Kind switch
        {
            "CSIDriver" => item.Name == spec.Group,
            "CustomResourceDefinition" => item.Name == spec.Names().CrdName,
            "StorageClass" => claimed && (string?)item.Json["provisioner"] == spec.Group,
            "CSIStorageCapacity" => item.Name.StartsWith("csisc-", StringComparison.Ordinal) && item.Metadata.Labels.GetValueOrDefault("csi.storage.k8s.io/drivername") == spec.Group,
            "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" => Webhooks(item).Any(webhook =>
                (string?)webhook["clientConfig"]?["service"]?["namespace"] == spec.Namespace
                && (claimed || ((string?)webhook["name"] ?? "").EndsWith("." + spec.Group, StringComparison.Ordinal))),
            "ClusterRoleBinding" => claimed && Subjects(item).All(subject => subject == spec.Namespace),
            "ClusterRole" => claimed && (_known.Contains(LiveName.Of(kind, item)) || item.Name.StartsWith(spec.Namespace, StringComparison.Ordinal) || IsBoundByOurs(item, found)),
            "Lease" => IsElection(item.Name),
            "ConfigMap" => claimed || item.Name == "topolvm",
            "Secret" => claimed || IsHelmRelease(item),
            _ => claimed,
        };
    }

    // Left behind by leader election: topolvm-controller's own lease, and one per sidecar named after the driver.
    private bool IsElection(string name) => name == "topolvm" || name.Contains(spec.Group.Replace('.', '-'), StringComparison.Ordinal);

    private static bool IsHelmRelease(KubeObject secret) =>
        (string?)secret.Json["type"] == "helm.sh/release.v1" && secret.Metadata.Labels.GetValueOrDefault("name") == "topolvm";

    private static bool IsBoundByOurs(KubeObject role, IReadOnlyList<InstalledObject> found) =>
        found.Any(other => (string?)other.Document.Json["roleRef"]?["name"] == role.Name);

    private static IEnumerable<JsonObject> Webhooks(KubeObject configuration) => (configuration.Json["webhooks"] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string?> Subjects(KubeObject binding) => (binding.Json["subjects"] as JsonArray ?? []).Select(subject => (string?)subject?["namespace"]);

    private static HashSet<LiveName> KnownNames(ApiResources api, RemovalSpec spec)
    {
        var facts = new ClusterFacts { Api = api };
        var names = new HashSet<LiveName>();
        foreach (var profile in InstallProfile.BuiltIn.Where(profile => profile.Names.Group == spec.Group))
        {
            var plan = InstallPlan.For(new() { ProfileId = profile.Id, Namespace = spec.Namespace, Scheduling = SchedulingMode.Extender }, facts);
            names.UnionWith(plan.Objects.Where(planned => !planned.Shared).Select(planned => planned.Name));
            if (plan.CertificateSecret is { } secret) names.Add(new("", "Secret", secret));
        }
        return names;
    }
}
