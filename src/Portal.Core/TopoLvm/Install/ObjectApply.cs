using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

// What a person, edgeadm or Helm made is taken over, not overwritten: an object that stands and is not the portal's gets a
// label at most, and of the portal's own objects a field that somebody else has changed since keeps their value. The
// exceptions are what TopoLVM cannot work without: the CRD, and a webhook configuration that trusts a certificate that is
// no longer served.

/// <summary>Decides what is sent for one planned object, and sends it by server-side apply.</summary>
internal static class ObjectApply
{
    internal delegate Task<KubeObject> Send(KubeKind<KubeObject> kind, KubeObject document, WriteOptions options, CancellationToken cancel);

    /// <summary>The document to apply, or null when the standing object is left as it is.</summary>
    public static KubeObject? DocumentFor(PlannedObject planned, KubeObject? live)
    {
        if (live is null || live.Metadata.IsBeingDeleted || IsOurs(live) || planned.Shared) return planned.Keep && live is not null ? null : planned.Document;
        if (planned.Keep) return null;
        if (planned.Stage == InstallStage.Definition || IsStaleWebhook(planned, live)) return planned.Document;
        if (planned.Stage == InstallStage.Namespace) return OwnLabelsOf(planned.Document);
        return live.IsHelmManaged() ? null : AdoptionLabel(planned);
    }

    /// <summary>Applies a document; fields that others have changed are left out, and named in the result.</summary>
    /// <exception cref="KubeException">The server refuses the object.</exception>
    public static async Task<(KubeObject Result, ImmutableArray<string> KeptFields)> SendAsync(
        PlannedObject planned, KubeObject document, Send send, bool dryRun, CancellationToken cancel)
    {
        var force = planned.Stage is InstallStage.Definition or InstallStage.Webhook or InstallStage.Certificate;
        var options = new WriteOptions { DryRun = dryRun, Force = force };
        try
        {
            return (await send(planned.Kind, document, options, cancel), []);
        }
        catch (ApplyConflictException conflict)
        {
            var fields = conflict.Status.Details?.Causes.Select(cause => cause.Field).Distinct().ToImmutableArray() ?? [];
            var rest = (JsonObject)document.Json.DeepClone();
            if (fields.IsEmpty || !fields.All(field => FieldRemoval.Remove(rest, field))) throw;
            return (await send(planned.Kind, new KubeObject(rest), options, cancel), fields);
        }
    }

    /// <summary>The refusal of one object as a sentence.</summary>
    public static Message Explain(PlannedObject planned, KubeException refusal) => InstallTexts.Refused(planned.Name, KubeProblem.Explain(refusal));

    // Kinds without content of their own, such as ServiceAccount, show in the label alone whose they are.
    private static bool IsOurs(KubeObject live) => live.IsAppliedByPortal()
        || (live.Kind is "Namespace" or "ServiceAccount" && live.Metadata.Labels.GetValueOrDefault(InstallPlan.ManagedByLabel) == KubeClient.FieldManager);

    private static bool IsStaleWebhook(PlannedObject planned, KubeObject live) => planned.Stage == InstallStage.Webhook
        && CaBundles(planned.Document).FirstOrDefault() is { Length: > 0 } wanted && CaBundles(live).Any(trusted => trusted != wanted);

    internal static IEnumerable<string> CaBundles(KubeObject configuration) =>
        (configuration.Json["webhooks"] as JsonArray ?? []).Select(webhook => (string?)webhook?["clientConfig"]?["caBundle"] ?? "");

    private static KubeObject AdoptionLabel(PlannedObject planned)
    {
        var label = new JsonObject { [InstallPlan.ManagedByLabel] = KubeClient.FieldManager };
        return Bare(planned.Document, label);
    }

    // A namespace that somebody else made does not become ours; only the label that switches the webhooks off is needed.
    private static KubeObject OwnLabelsOf(KubeObject document)
    {
        var labels = (JsonObject)(document.Json["metadata"]?["labels"]?.DeepClone() ?? new JsonObject());
        foreach (var common in labels.Select(label => label.Key).Where(key => key.StartsWith("app.kubernetes.io/", StringComparison.Ordinal)).ToArray()) labels.Remove(common);
        return Bare(document, labels);
    }

    private static KubeObject Bare(KubeObject document, JsonObject labels)
    {
        var metadata = new JsonObject { ["name"] = document.Name, ["labels"] = labels };
        if (document.Namespace is { } ns) metadata["namespace"] = ns;
        return new(new JsonObject { ["apiVersion"] = document.ApiVersion, ["kind"] = document.Kind, ["metadata"] = metadata });
    }
}
