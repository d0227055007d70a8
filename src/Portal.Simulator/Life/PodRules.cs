using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life;

/// <summary>What several behaviours read from a pod.</summary>
internal static class PodRules
{
    public static bool IsReady(KubeObject pod) => !pod.Metadata.IsBeingDeleted &&
        pod.Json.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    public static bool HasEnded(KubeObject pod) => pod.Json.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>The claims that a pod's volumes name.</summary>
    public static IEnumerable<ObjectName> Claims(KubeObject pod) => pod.Json.Objects("spec", "volumes")
        .Select(volume => volume.Text("persistentVolumeClaim", "claimName")).Where(claim => claim.Length > 0)
        .Select(claim => new ObjectName(pod.Namespace, claim));

    /// <summary>A reference that makes another object go with its owner.</summary>
    public static JsonObject OwnedBy(KubeKind kind, KubeObject owner) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    public static bool IsOwnedBy(KubeObject pod, KubeObject owner) =>
        pod.Metadata.OwnerReferences.Any(reference => reference.Controller && reference.Uid == owner.Metadata.Uid);
}
