using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

// From what was asked and what the cluster is, the objects to install: API versions the server serves, parts it cannot
// take left out with a reason, in an order in which nothing can block the cluster. The webhook configuration comes last,
// because with failurePolicy Fail and no controller behind it no pod could be created any more.

/// <summary>The groups of objects that are applied together, in this order.</summary>
public enum InstallStage
{
    Namespace,
    Definition,
    Access,
    Configuration,
    Certificate,
    Storage,
    Nodes,
    Controller,
    Scheduler,
    Webhook,
}

/// <summary>One object to install.</summary>
/// <param name="Keep">Made when absent, otherwise left exactly as it is.</param>
/// <param name="Shared">Belongs to the cluster; only the named fields are set.</param>
public sealed record PlannedObject(KubeObject Document, KubeKind<KubeObject> Kind, InstallStage Stage, bool Keep, bool Shared)
{
    public LiveName Name => LiveName.Of(Kind, Document);
}

/// <summary>What an install will put into one cluster, and what it leaves out.</summary>
public sealed record InstallPlan(InstallProfile Profile, InstallSpec Spec, ImmutableArray<PlannedObject> Objects, ImmutableArray<LeftOut> LeftOut,
    ImmutableArray<ManifestProblem> Problems, ObjectName? CertificateSecret)
{
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    /// <summary>Plans without asking the cluster anything more. A plan with <see cref="Problems"/> must not be carried out.
    /// Throws <see cref="ArgumentException"/> when the spec names no known profile.</summary>
    public static InstallPlan For(InstallSpec spec, ClusterFacts facts)
    {
        var profile = spec.Profile() ?? throw new ArgumentException("unknown profile " + spec.ProfileId, nameof(spec));
        var problems = new List<ManifestProblem>();
        var leftOut = new List<LeftOut>();
        if (ManifestTemplate.Parse(profile.Manifests, problems) is not { } template) return new(profile, spec, [], [], [.. problems], null);
        var values = Values(spec, profile, facts);
        // The checksums depend on the ConfigMaps: rendered once to read these, then for good.
        var draft = template.Render(values, [], []);
        var placeholders = values.Placeholders
            .SetItem("lvmdChecksum", Checksum(draft, facts, spec.Namespace, profile.LvmdConfigMap))
            .SetItem("schedulerChecksum", Checksum(draft, facts, spec.Namespace, profile.SchedulerConfigMap));
        var documents = template.Render(values with { Placeholders = placeholders }, problems, leftOut);
        var objects = documents.Select(document => Choose(document, profile, spec, facts.Api, problems, leftOut)).OfType<PlannedObject>()
            .OrderBy(planned => planned.Stage).ToImmutableArray();
        foreach (var twice in objects.GroupBy(planned => planned.Name).Where(same => same.Count() > 1))
            problems.Add(new(1, 1, InstallTexts.ObjectTwice(twice.Key)));
        ObjectName? secret = NeedsCertificate(spec, profile) ? new(spec.Namespace, profile.WebhookSecret) : null;
        return new(profile, spec, objects, [.. leftOut.Distinct()], [.. problems.Distinct()], secret);
    }

    /// <summary>The CA that the standing webhook configuration trusts, base64; null when there is none.</summary>
    public string? TrustedCaBundle(ClusterFacts facts) => Objects.Where(planned => planned.Stage == InstallStage.Webhook)
        .Select(planned => (string?)(facts.Find(planned.Name)?.Json["webhooks"] as JsonArray)?.FirstOrDefault()?["clientConfig"]?["caBundle"])
        .FirstOrDefault(bundle => !string.IsNullOrEmpty(bundle));

    /// <summary>The labels of everything the portal makes.</summary>
    public static JsonObject LabelsOf(InstallProfile profile) => new()
    {
        ["app.kubernetes.io/name"] = "topolvm",
        ["app.kubernetes.io/version"] = profile.TopoLvmVersion,
        [ManagedByLabel] = KubeClient.FieldManager,
    };

    private static bool NeedsCertificate(InstallSpec spec, InstallProfile profile) => profile.AlwaysWebhook || spec.Scheduling == SchedulingMode.Extender;

    private static ManifestValues Values(InstallSpec spec, InstallProfile profile, ClusterFacts facts)
    {
        var api = facts.Api;
        var extender = spec.Scheduling == SchedulingMode.Extender;
        var invariant = CultureInfo.InvariantCulture;
        var placeholders = new Dictionary<string, string>
        {
            ["namespace"] = spec.Namespace,
            ["group"] = profile.Names.Group,
            ["image"] = profile.Image,
            ["kubeletDirectory"] = spec.KubeletDirectory,
            ["replicas"] = (spec.ControllerReplicas ?? profile.Replicas).ToString(invariant),
            ["storageClass"] = spec.StorageClass.Name,
            ["fileSystem"] = spec.StorageClass.FileSystem,
            ["reclaimPolicy"] = spec.StorageClass.ReclaimPolicy,
            ["bindingMode"] = spec.StorageClass.BindingMode,
            ["allowExpansion"] = spec.StorageClass.AllowExpansion ? "true" : "false",
            ["deviceClass"] = spec.DeviceClass.Name,
            ["volumeGroup"] = spec.DeviceClass.VolumeGroup,
            ["spareGb"] = (spec.DeviceClass.SpareGb ?? profile.SpareGb).ToString(invariant),
            ["nodeLabelKey"] = spec.NodeLabelKey ?? "",
            ["nodeLabelValue"] = spec.NodeLabelValue,
            ["caBundle"] = facts.Certificate?.CaBundle ?? "",
            ["certificateFingerprint"] = facts.Certificate?.Fingerprint ?? "",
            ["lvmdChecksum"] = "",
            ["schedulerChecksum"] = "",
        };
        var snapshots = api.Serves("snapshot.storage.k8s.io/v1", "VolumeSnapshot");
        var podSecurity = api.Serves("policy/v1beta1", "PodSecurityPolicy");
        var conditions = new Dictionary<string, ManifestCondition>
        {
            ["extender"] = new(extender),
            ["capacityTracking"] = new(!extender),
            ["webhook"] = new(NeedsCertificate(spec, profile)),
            ["legacy"] = new(profile.IsLegacyMode),
            ["nodeLabel"] = new(spec.NodeLabelKey is not null),
            ["defaultStorageClass"] = new(spec.StorageClass.IsDefault),
            ["snapshots"] = new(snapshots, snapshots ? null : InstallTexts.NoSnapshots),
            ["podSecurityPolicies"] = new(podSecurity, podSecurity ? null : InstallTexts.NoPodSecurityPolicies(api.Version)),
        };
        return new(placeholders.ToImmutableDictionary(), conditions.ToImmutableDictionary());
    }

    private static string Checksum(ImmutableArray<ManifestDocument> draft, ClusterFacts facts, string ns, string configMap)
    {
        // A ConfigMap that stands is kept, so the pods' checksum is that of what it says, not of what the profile would say.
        var live = facts.Find(new("", "ConfigMap", new(ns, configMap)));
        var planned = draft.Select(document => document.Object).FirstOrDefault(document => document.Kind == "ConfigMap" && document.Name == configMap);
        return ConfigChecksum.Of((live ?? planned)?.Json["data"] as JsonObject);
    }

    private static PlannedObject? Choose(ManifestDocument document, InstallProfile profile, InstallSpec spec, ApiResources api,
        List<ManifestProblem> problems, List<LeftOut> leftOut)
    {
        var json = document.Object.Json;
        var kindName = (string)json["kind"]!;
        var kind = document.ApiVersions.Select(version => api.Find(version, kindName)).FirstOrDefault(served => served is not null);
        if (kind is null)
        {
            var name = $"{kindName} {(string)json["metadata"]!["name"]!}";
            var reason = InstallTexts.KindNotServed(api.Version, string.Join(", ", document.ApiVersions), kindName);
            if (document.Optional) leftOut.Add(new(name, reason));
            else problems.Add(new(document.Line, 1, InstallTexts.NeededKindNotServed(name, reason)));
            return null;
        }
        json["apiVersion"] = kind.ApiVersion;
        if (!document.Shared)
        {
            var labels = json.Child("metadata").Child("labels");
            foreach (var (label, value) in LabelsOf(profile)) labels[label] ??= (string?)value;
        }
        ReplaceRegistry(json, spec.Registry);
        return new(new KubeObject(json), kind, InstallStages.Of(kindName, document.Object.Name), document.Keep, document.Shared);
    }

    private static void ReplaceRegistry(JsonObject json, string? registry)
    {
        if (json["spec"]?["template"]?["spec"] is not JsonObject pod) return;
        var containers = ContainerLists.SelectMany(list => pod[list] as JsonArray ?? []);
        foreach (var container in containers.OfType<JsonObject>().Where(container => container["image"] is JsonValue))
            container["image"] = ImageReference.WithRegistry((string)container["image"]!, registry);
    }
}
