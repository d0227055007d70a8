using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

/// <summary>Clusters of a Kubernetes version, as discovery shows them.</summary>
internal static class GivenCluster
{
    public static ClusterFacts Of(int minor, bool snapshots = false, params Node[] nodes) =>
        new() { Api = Api(minor, snapshots), Nodes = nodes.Length == 0 ? [Master("kube-1"), Node("edge-1")] : [.. nodes] };

    public static Node Master(string name) => Node(name, ("node-role.kubernetes.io/master", ""));

    public static Node Node(string name, params (string Key, string Value)[] labels) => new()
    {
        Metadata = new() { Name = name, Labels = labels.ToDictionary(label => label.Key, label => label.Value).ToImmutableDictionary() },
        Status = new() { Conditions = [new() { Type = "Ready", Status = "True" }] },
    };

    public static ApiResources Api(int minor, bool snapshots = false)
    {
        List<string> served =
        [
            "v1 namespaces Namespace", "v1 nodes Node", "v1 ns/serviceaccounts ServiceAccount", "v1 ns/secrets Secret", "v1 ns/configmaps ConfigMap",
            "v1 ns/services Service", "v1 ns/pods Pod", "apps/v1 ns/deployments Deployment", "apps/v1 ns/daemonsets DaemonSet",
            "rbac.authorization.k8s.io/v1 clusterroles ClusterRole", "rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding",
            "rbac.authorization.k8s.io/v1 ns/roles Role", "rbac.authorization.k8s.io/v1 ns/rolebindings RoleBinding",
            "apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition", "scheduling.k8s.io/v1 priorityclasses PriorityClass",
            "storage.k8s.io/v1 csidrivers CSIDriver", "storage.k8s.io/v1 storageclasses StorageClass",
            "admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration",
        ];
        if (minor < 22) served.Add("admissionregistration.k8s.io/v1beta1 mutatingwebhookconfigurations MutatingWebhookConfiguration");
        if (minor < 25) served.AddRange(["policy/v1beta1 podsecuritypolicies PodSecurityPolicy", "policy/v1beta1 ns/poddisruptionbudgets PodDisruptionBudget"]);
        if (minor >= 21) served.Add("policy/v1 ns/poddisruptionbudgets PodDisruptionBudget");
        if (minor >= 24) served.Add("storage.k8s.io/v1 ns/csistoragecapacities CSIStorageCapacity");
        if (minor is >= 21 and <= 26) served.Add("storage.k8s.io/v1beta1 ns/csistoragecapacities CSIStorageCapacity");
        if (snapshots) served.Add("snapshot.storage.k8s.io/v1 ns/volumesnapshots VolumeSnapshot");
        return new(new ServerVersion(1, minor, $"v1.{minor}.0"), [.. served.Select(Kind)]);
    }

    private static KubeKind<KubeObject> Kind(string line)
    {
        var words = line.Split(' ');
        var group = words[0].Contains('/') ? words[0].Split('/')[0] : "";
        var namespaced = words[1].StartsWith("ns/", StringComparison.Ordinal);
        return new(group, words[0].Split('/')[^1], words[1].Replace("ns/", ""), words[2], namespaced, KubeJson.Of<KubeObject>());
    }
}
