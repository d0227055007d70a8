using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>The checks on what stands already: another install, leftovers, a CRD of another version, names that are taken.</summary>
internal static class ExistingChecks
{
    private static readonly string[] Parts = ["spec", "status"];

    public static IEnumerable<PreflightCheck> Of(InstallPlan plan, ClusterFacts facts) =>
        [NamespaceState(plan, facts), AnotherInstall(plan, facts), Leftovers(plan, facts), Definition(plan, facts), Taken(plan, facts), WebhookLabels(plan, facts), CertManager(plan, facts)];

    private static PreflightCheck NamespaceState(InstallPlan plan, ClusterFacts facts)
    {
        var ns = plan.Spec.Namespace;
        var live = facts.Find(new("", "Namespace", new(null, ns)));
        if (live is null) return new("namespace", CheckState.Ok, PreflightTexts.NamespaceNew(ns));
        return live.Metadata.IsBeingDeleted
            ? new("namespace", CheckState.Blocker, PreflightTexts.NamespaceTerminating(ns), PreflightTexts.NamespaceTerminatingRemedy)
            : new("namespace", CheckState.Ok, PreflightTexts.NamespaceStands(ns));
    }

    private static PreflightCheck AnotherInstall(InstallPlan plan, ClusterFacts facts)
    {
        var others = FoundInstall.In(facts).ToArray();
        var here = others.FirstOrDefault(found => found.Namespace == plan.Spec.Namespace);
        if (here is not null) return InSameNamespace(plan, here);
        if (others.FirstOrDefault(found => found.Names == plan.Profile.Names) is { } same)
            return new("another-install", CheckState.Blocker, PreflightTexts.InstallElsewhere(same.Version, same.Namespace), PreflightTexts.InstallElsewhereRemedy(same.Namespace));
        return others is [var other, ..]
            ? new("another-install", CheckState.Warning, PreflightTexts.InstallOtherGroup(other.Version, other.Names.Group, other.Namespace), PreflightTexts.InstallOtherGroupRemedy)
            : new("another-install", CheckState.Ok, PreflightTexts.InstallNone);
    }

    private static PreflightCheck InSameNamespace(InstallPlan plan, FoundInstall here)
    {
        var sameVersion = here.Version is null || here.Version == plan.Profile.TopoLvmVersion;
        if (here.Names != plan.Profile.Names || !sameVersion)
            return new("another-install", CheckState.Blocker, PreflightTexts.InstallOtherVersion(here.Version ?? here.Names.Group, here.Namespace, plan.Profile.TopoLvmVersion), PreflightTexts.InstallOtherVersionRemedy);
        return here.Origin switch
        {
            InstallationOrigin.Portal => new("another-install", CheckState.Ok, PreflightTexts.InstallOurs(here.Namespace)),
            InstallationOrigin.Helm => new("another-install", CheckState.Warning, PreflightTexts.InstallByHelm(here.Namespace), PreflightTexts.AdoptHelmRemedy),
            InstallationOrigin.Edgeadm => new("another-install", CheckState.Warning, PreflightTexts.InstallByEdgeadm(here.Namespace), PreflightTexts.AdoptRemedy),
            _ => new("another-install", CheckState.Warning, PreflightTexts.InstallByOthers(here.Namespace), PreflightTexts.AdoptRemedy),
        };
    }

    private static PreflightCheck Leftovers(InstallPlan plan, ClusterFacts facts)
    {
        var group = plan.Profile.Names.Group;
        var installed = FoundInstall.In(facts).Any(found => found.Names == plan.Profile.Names);
        if (installed) return new("leftovers", CheckState.Ok, PreflightTexts.LeftoversNone);
        if (facts.LogicalVolumes.GetValueOrDefault(group) is var volumes and > 0)
            return new("leftovers", CheckState.Warning, PreflightTexts.LeftoverVolumes(volumes, group), PreflightTexts.LeftoverVolumesRemedy);
        var finalizer = facts.Nodes.FirstOrDefault(node => TopoLvmNames.All.Any(names => node.Metadata.Finalizers.Contains(names.NodeFinalizer)));
        return finalizer is null
            ? new("leftovers", CheckState.Ok, PreflightTexts.LeftoversNone)
            : new("leftovers", CheckState.Warning, PreflightTexts.LeftoverFinalizer(finalizer.Metadata.Name), PreflightTexts.LeftoverFinalizerRemedy);
    }

    private static PreflightCheck Definition(InstallPlan plan, ClusterFacts facts)
    {
        var live = facts.Definitions.FirstOrDefault(definition => definition.Name == plan.Profile.Names.CrdName);
        var planned = plan.Objects.FirstOrDefault(wanted => wanted.Stage == InstallStage.Definition && wanted.Document.Name == plan.Profile.Names.CrdName)?.Document;
        if (live is null || planned is null) return new("crd", CheckState.Ok, PreflightTexts.CrdNew(plan.Profile.Names.CrdName));
        if (live.Metadata.IsBeingDeleted) return new("crd", CheckState.Blocker, PreflightTexts.CrdTerminating(live.Name), PreflightTexts.CrdTerminatingRemedy);
        if (Stored(live) is null) return new("crd", CheckState.Blocker, PreflightTexts.CrdForeign(live.Name), PreflightTexts.CrdForeignRemedy);
        var (has, wants) = (Fields(live), Fields(planned));
        if (has.Except(wants).ToArray() is [_, ..] newer)
            return new("crd", CheckState.Blocker, PreflightTexts.CrdNewer(live.Name, string.Join(", ", newer), plan.Profile.TopoLvmVersion), PreflightTexts.CrdNewerRemedy);
        return wants.Except(has).ToArray() is [_, ..] added
            ? new("crd", CheckState.Warning, PreflightTexts.CrdOlder(live.Name, string.Join(", ", added)), PreflightTexts.CrdOlderRemedy)
            : new("crd", CheckState.Ok, PreflightTexts.CrdSame(live.Name));
    }

    // Cluster-wide names that an install in another namespace, or another driver, has taken.
    private static PreflightCheck Taken(InstallPlan plan, ClusterFacts facts)
    {
        var taken = plan.Objects.FirstOrDefault(planned => facts.Find(planned.Name) is { } live && BelongsElsewhere(planned, live, plan));
        return taken is null
            ? new("names", CheckState.Ok, PreflightTexts.NamesFree)
            : new("names", CheckState.Blocker, PreflightTexts.NameTaken(taken.Name), taken.Document.Kind == "StorageClass" ? PreflightTexts.StorageClassTakenRemedy : PreflightTexts.NameTakenRemedy);
    }

    private static bool BelongsElsewhere(PlannedObject planned, KubeObject live, InstallPlan plan) => planned.Document.Kind switch
    {
        "StorageClass" => (string?)live.Json["provisioner"] != (string?)planned.Document.Json["provisioner"],
        "MutatingWebhookConfiguration" => (live.Json["webhooks"] as JsonArray ?? []).Any(webhook =>
            (string?)webhook?["clientConfig"]?["service"]?["namespace"] is { } ns && ns != plan.Spec.Namespace),
        "ClusterRoleBinding" => (live.Json["subjects"] as JsonArray ?? []).Any(subject =>
            (string?)subject?["namespace"] is { } ns && ns != plan.Spec.Namespace),
        _ => false,
    };

    private static PreflightCheck WebhookLabels(InstallPlan plan, ClusterFacts facts)
    {
        if (plan.Objects.All(planned => planned.Stage != InstallStage.Webhook)) return new("webhook-labels", CheckState.Ok, PreflightTexts.WebhookNone);
        var label = plan.Profile.Names.WebhookLabel;
        var system = facts.Find(new("", "Namespace", new(null, "kube-system")));
        return system?.Metadata.Labels.GetValueOrDefault(label) == "ignore"
            ? new("webhook-labels", CheckState.Ok, PreflightTexts.WebhookLabelsOk(label))
            : new("webhook-labels", CheckState.Ok, PreflightTexts.WebhookLabelsSet(label, plan.Spec.Namespace));
    }

    private static PreflightCheck CertManager(InstallPlan plan, ClusterFacts facts)
    {
        var webhook = plan.Objects.FirstOrDefault(planned => planned.Stage == InstallStage.Webhook);
        var injected = webhook is null ? null : facts.Find(webhook.Name)?.Metadata.Annotations.GetValueOrDefault("cert-manager.io/inject-ca-from");
        return injected is not null && facts.Api.Kinds.Any(kind => kind.Group == "cert-manager.io")
            ? new("cert-manager", CheckState.Warning, PreflightTexts.CertManagerInjects(webhook!.Name, injected), PreflightTexts.CertManagerRemedy)
            : new("cert-manager", CheckState.Ok, PreflightTexts.CertManagerNone);
    }

    private static JsonObject? Stored(KubeObject definition) => (definition.Json["spec"]?["versions"] as JsonArray ?? []).OfType<JsonObject>()
        .FirstOrDefault(version => (string?)version["name"] == "v1" && (bool?)version["storage"] == true);

    private static IEnumerable<string> Fields(KubeObject definition)
    {
        var properties = Stored(definition)?["schema"]?["openAPIV3Schema"]?["properties"];
        return Parts.SelectMany(part => (properties?[part]?["properties"] as JsonObject ?? []).Select(property => part + "." + property.Key));
    }
}
