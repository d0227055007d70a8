using System.Collections.Immutable;

namespace Portal.Simulator.Api;

// One line per resource: group, plural, kind, scope (N namespaced, C cluster), short names, subresources, then the versions with the
// Kubernetes 1.x releases that serve them ("v1:16-" from 1.16 on, "v1beta1:-24" up to 1.24), preferred first.

/// <summary>What a Kubernetes release serves of its own, as far as this simulator goes.</summary>
internal static class BuiltInResources
{
    private const string Table = """
        | bindings | Binding | N | - | - | v1:
        | configmaps | ConfigMap | N | cm | - | v1:
        | endpoints | Endpoints | N | ep | - | v1:
        | events | Event | N | ev | - | v1:
        | limitranges | LimitRange | N | limits | - | v1:
        | namespaces | Namespace | C | ns | status,finalize | v1:
        | nodes | Node | C | no | status,proxy | v1:
        | persistentvolumeclaims | PersistentVolumeClaim | N | pvc | status | v1:
        | persistentvolumes | PersistentVolume | C | pv | status | v1:
        | pods | Pod | N | po | status,log,proxy,binding,eviction | v1:
        | replicationcontrollers | ReplicationController | N | rc | status,scale | v1:
        | resourcequotas | ResourceQuota | N | quota | status | v1:
        | secrets | Secret | N | - | - | v1:
        | serviceaccounts | ServiceAccount | N | sa | token | v1:
        | services | Service | N | svc | status,proxy | v1:
        apps | controllerrevisions | ControllerRevision | N | - | - | v1:
        apps | daemonsets | DaemonSet | N | ds | status | v1:
        apps | deployments | Deployment | N | deploy | status,scale | v1:
        apps | replicasets | ReplicaSet | N | rs | status,scale | v1:
        apps | statefulsets | StatefulSet | N | sts | status,scale | v1:
        batch | cronjobs | CronJob | N | cj | status | v1:21-,v1beta1:-24
        batch | jobs | Job | N | - | status | v1:
        autoscaling | horizontalpodautoscalers | HorizontalPodAutoscaler | N | hpa | status | v1:
        coordination.k8s.io | leases | Lease | N | - | - | v1:,v1beta1:-21
        discovery.k8s.io | endpointslices | EndpointSlice | N | - | - | v1:21-,v1beta1:-24
        networking.k8s.io | ingresses | Ingress | N | ing | status | v1:19-,v1beta1:-21
        networking.k8s.io | ingressclasses | IngressClass | C | - | - | v1:19-,v1beta1:-21
        networking.k8s.io | networkpolicies | NetworkPolicy | N | netpol | - | v1:
        policy | poddisruptionbudgets | PodDisruptionBudget | N | pdb | status | v1:21-,v1beta1:-24
        policy | podsecuritypolicies | PodSecurityPolicy | C | psp | - | v1beta1:-24
        rbac.authorization.k8s.io | clusterroles | ClusterRole | C | - | - | v1:,v1beta1:-21
        rbac.authorization.k8s.io | clusterrolebindings | ClusterRoleBinding | C | - | - | v1:,v1beta1:-21
        rbac.authorization.k8s.io | roles | Role | N | - | - | v1:,v1beta1:-21
        rbac.authorization.k8s.io | rolebindings | RoleBinding | N | - | - | v1:,v1beta1:-21
        scheduling.k8s.io | priorityclasses | PriorityClass | C | pc | - | v1:,v1beta1:-21
        storage.k8s.io | csidrivers | CSIDriver | C | - | - | v1:18-,v1beta1:-21
        storage.k8s.io | csinodes | CSINode | C | - | - | v1:17-,v1beta1:-21
        storage.k8s.io | csistoragecapacities | CSIStorageCapacity | N | - | - | v1:24-,v1beta1:21-26
        storage.k8s.io | storageclasses | StorageClass | C | sc | - | v1:,v1beta1:-21
        storage.k8s.io | volumeattachments | VolumeAttachment | C | - | status | v1:,v1beta1:-21
        admissionregistration.k8s.io | mutatingwebhookconfigurations | MutatingWebhookConfiguration | C | - | - | v1:16-,v1beta1:-21
        admissionregistration.k8s.io | validatingwebhookconfigurations | ValidatingWebhookConfiguration | C | - | - | v1:16-,v1beta1:-21
        apiextensions.k8s.io | customresourcedefinitions | CustomResourceDefinition | C | crd,crds | status | v1:16-,v1beta1:-21
        apiregistration.k8s.io | apiservices | APIService | C | - | status | v1:,v1beta1:-21
        authentication.k8s.io | tokenreviews | TokenReview | C | - | - | v1:,v1beta1:-21
        authorization.k8s.io | subjectaccessreviews | SubjectAccessReview | C | - | - | v1:,v1beta1:-21
        authorization.k8s.io | selfsubjectaccessreviews | SelfSubjectAccessReview | C | - | - | v1:,v1beta1:-21
        authorization.k8s.io | selfsubjectrulesreviews | SelfSubjectRulesReview | C | - | - | v1:,v1beta1:-21
        authorization.k8s.io | localsubjectaccessreviews | LocalSubjectAccessReview | N | - | - | v1:,v1beta1:-21
        """;

    private static readonly Dictionary<string, string[]> Selectable = new()
    {
        ["pods"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP", "status.nominatedNodeName"],
        ["nodes"] = ["spec.unschedulable"],
        ["namespaces"] = ["status.phase"],
        ["secrets"] = ["type"],
        ["replicasets.apps"] = ["status.replicas"],
        ["replicationcontrollers"] = ["status.replicas"],
        ["jobs.batch"] = ["status.successful"],
        ["events"] = ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"],
    };

    /// <summary>The resources that Kubernetes 1.<paramref name="minor"/> serves.</summary>
    public static ImmutableArray<ResourceType> ServedBy(int minor) =>
        [.. Table.Split('\n').Select(line => Read(line, minor)).Where(type => !type.Versions.IsEmpty)];

    private static ResourceType Read(string line, int minor)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        var (group, plural, kind) = (cells[0], cells[1], cells[2]);
        var subresources = List(cells[5]);
        var type = new ResourceType
        {
            Group = group,
            Plural = plural,
            Kind = kind,
            ListKind = kind + "List",
            Singular = kind.ToLowerInvariant(),
            Namespaced = cells[3] == "N",
            ShortNames = List(cells[4]),
            Subresources = subresources,
            IsVirtual = kind.EndsWith("Review", StringComparison.Ordinal) || kind == "Binding",
            Versions = [.. cells[6].Split(',').Select(version => version.Split(':')).Where(version => IsServed(version[1], minor))
                .Select(version => new ServedVersion(version[0], subresources.Contains("status")))],
        };
        return type with { SelectableFields = [.. Selectable.GetValueOrDefault(type.GroupResource, [])] };
    }

    private static bool IsServed(string range, int minor)
    {
        if (range.Length == 0) return true;
        var ends = range.Split('-');
        return (ends[0].Length == 0 || minor >= Number(ends[0])) && (ends[1].Length == 0 || minor <= Number(ends[1]));
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static ImmutableArray<string> List(string cell) => cell == "-" ? [] : [.. cell.Split(',')];
}
