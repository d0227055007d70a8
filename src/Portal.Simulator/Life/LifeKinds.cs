using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life;

/// <summary>The kinds that live behaviours read and write, as documents: they need fields that the portal's own records leave out.</summary>
internal static class LifeKinds
{
    public const string SnapshotGroup = "snapshot.storage.k8s.io";

    public static readonly KubeKind<KubeObject> Nodes = Of("", "v1", "nodes", "Node", false);
    public static readonly KubeKind<KubeObject> Pods = Of("", "v1", "pods", "Pod", true);
    public static readonly KubeKind<KubeObject> Namespaces = Of("", "v1", "namespaces", "Namespace", false);
    public static readonly KubeKind<KubeObject> ConfigMaps = Of("", "v1", "configmaps", "ConfigMap", true);
    public static readonly KubeKind<KubeObject> Secrets = Of("", "v1", "secrets", "Secret", true);
    public static readonly KubeKind<KubeObject> Services = Of("", "v1", "services", "Service", true);
    public static readonly KubeKind<KubeObject> Events = Of("", "v1", "events", "Event", true);
    public static readonly KubeKind<KubeObject> Claims = Of("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);
    public static readonly KubeKind<KubeObject> PersistentVolumes = Of("", "v1", "persistentvolumes", "PersistentVolume", false);
    public static readonly KubeKind<KubeObject> Deployments = Of("apps", "v1", "deployments", "Deployment", true);
    public static readonly KubeKind<KubeObject> ReplicaSets = Of("apps", "v1", "replicasets", "ReplicaSet", true);
    public static readonly KubeKind<KubeObject> DaemonSets = Of("apps", "v1", "daemonsets", "DaemonSet", true);
    public static readonly KubeKind<KubeObject> StorageClasses = Of("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
    public static readonly KubeKind<KubeObject> CsiDrivers = Of("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false);
    public static readonly KubeKind<KubeObject> CsiNodes = Of("storage.k8s.io", "v1", "csinodes", "CSINode", false);
    public static readonly KubeKind<KubeObject> Leases = Of("coordination.k8s.io", "v1", "leases", "Lease", true);

    public static readonly KubeKind<KubeObject> Snapshots = Of(SnapshotGroup, "v1", "volumesnapshots", "VolumeSnapshot", true);
    public static readonly KubeKind<KubeObject> SnapshotContents = Of(SnapshotGroup, "v1", "volumesnapshotcontents", "VolumeSnapshotContent", false);
    public static readonly KubeKind<KubeObject> SnapshotClasses = Of(SnapshotGroup, "v1", "volumesnapshotclasses", "VolumeSnapshotClass", false);

    public static readonly KubeKind<KubeObject> CustomResources =
        Of("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false);

    public static readonly KubeKind<KubeObject> Webhooks =
        Of("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false);

    /// <param name="version">v1 from Kubernetes 1.24 on, v1beta1 from 1.21 to 1.26.</param>
    public static KubeKind<KubeObject> Capacities(string version) => Of("storage.k8s.io", version, "csistoragecapacities", "CSIStorageCapacity", true);

    public static KubeKind<KubeObject> LogicalVolumes(string group) => Of(group, "v1", "logicalvolumes", "LogicalVolume", false);

    public static KubeKind<KubeObject> Of(string group, string version, string plural, string kind, bool namespaced) =>
        new(group, version, plural, kind, namespaced, KubeJson.Of<KubeObject>());
}
