using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class InstallPlanTests
{
    private static readonly InstallSpec SuperEdge = new();

    [Fact]
    public void The_superedge_profile_on_1_20_has_every_object_that_edgeadm_makes()
    {
        var plan = InstallPlan.For(SuperEdge, GivenCluster.Of(20));

        var names = plan.Objects.Where(planned => !planned.Shared).Select(planned => $"{planned.Document.ApiVersion} {planned.Document}").Order(StringComparer.Ordinal);
        string[] expected =
        [
            "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration topolvm-hook",
            "apiextensions.k8s.io/v1 CustomResourceDefinition logicalvolumes.topolvm.cybozu.com",
            "apps/v1 DaemonSet topolvm-system/topolvm-lvmd",
            "apps/v1 DaemonSet topolvm-system/topolvm-node",
            "apps/v1 DaemonSet topolvm-system/topolvm-scheduler",
            "apps/v1 Deployment topolvm-system/topolvm-controller",
            "policy/v1beta1 PodSecurityPolicy topolvm-lvmd",
            "policy/v1beta1 PodSecurityPolicy topolvm-node",
            "policy/v1beta1 PodSecurityPolicy topolvm-scheduler",
            "rbac.authorization.k8s.io/v1 ClusterRole topolvm-external-provisioner-runner",
            "rbac.authorization.k8s.io/v1 ClusterRole topolvm-external-resizer-runner",
            "rbac.authorization.k8s.io/v1 ClusterRole topolvm-system:controller",
            "rbac.authorization.k8s.io/v1 ClusterRole topolvm-system:node",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding topolvm-csi-provisioner-role",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding topolvm-csi-resizer-role",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding topolvm-system:controller",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding topolvm-system:node",
            "rbac.authorization.k8s.io/v1 Role topolvm-system/external-provisioner-cfg",
            "rbac.authorization.k8s.io/v1 Role topolvm-system/external-resizer-cfg",
            "rbac.authorization.k8s.io/v1 Role topolvm-system/leader-election",
            "rbac.authorization.k8s.io/v1 Role topolvm-system/psp:topolvm-lvmd",
            "rbac.authorization.k8s.io/v1 Role topolvm-system/psp:topolvm-scheduler",
            "rbac.authorization.k8s.io/v1 RoleBinding topolvm-system/csi-provisioner-role-cfg",
            "rbac.authorization.k8s.io/v1 RoleBinding topolvm-system/csi-resizer-role-cfg",
            "rbac.authorization.k8s.io/v1 RoleBinding topolvm-system/leader-election",
            "rbac.authorization.k8s.io/v1 RoleBinding topolvm-system/topolvm-lvmd:psp:topolvm-lvmd",
            "rbac.authorization.k8s.io/v1 RoleBinding topolvm-system/topolvm-scheduler:psp:topolvm-scheduler",
            "storage.k8s.io/v1 CSIDriver topolvm.cybozu.com",
            "storage.k8s.io/v1 StorageClass topolvm-provisioner",
            "v1 ConfigMap topolvm-system/topolvm-lvmd",
            "v1 ConfigMap topolvm-system/topolvm-scheduler-options",
            "v1 Namespace topolvm-system",
            "v1 Service topolvm-system/topolvm-controller",
            "v1 ServiceAccount topolvm-system/topolvm-controller",
            "v1 ServiceAccount topolvm-system/topolvm-lvmd",
            "v1 ServiceAccount topolvm-system/topolvm-node",
            "v1 ServiceAccount topolvm-system/topolvm-scheduler",
        ];
        Assert.Equal(expected, names);
        Assert.Equal(new ObjectName("topolvm-system", "topolvm-mutatingwebhook"), plan.CertificateSecret);
        Assert.Empty(plan.Problems);
        Assert.Empty(plan.LeftOut);
    }

    [Theory]
    [InlineData("superedge-0.10.0", 20, "Extender", "")]
    [InlineData("superedge-0.10.0", 25, "Extender", "ClusterRole topolvm-system:node, PodSecurityPolicy topolvm-lvmd, PodSecurityPolicy topolvm-node, PodSecurityPolicy topolvm-scheduler, Role psp:topolvm-lvmd, Role psp:topolvm-scheduler, RoleBinding topolvm-lvmd:psp:topolvm-lvmd, RoleBinding topolvm-scheduler:psp:topolvm-scheduler")]
    [InlineData("upstream-0.41.0", 20, "Extender", "Deployment topolvm-controller: csi-snapshotter")]
    [InlineData("upstream-0.41.0", 34, "CapacityTracking", "Deployment topolvm-controller: csi-snapshotter")]
    public void What_a_cluster_cannot_take_is_named_before_the_install(string profile, int minor, string mode, string expected)
    {
        var plan = InstallPlan.For(new() { ProfileId = profile, Scheduling = Enum.Parse<SchedulingMode>(mode) }, GivenCluster.Of(minor));

        Assert.Equal(expected, string.Join(", ", plan.LeftOut.Select(part => part.What).Order(StringComparer.Ordinal)));
        Assert.All(plan.LeftOut, part => Assert.NotEmpty(part.Reason.English));
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void The_current_profile_with_capacity_tracking_has_no_webhook_and_no_certificate()
    {
        var plan = InstallPlan.For(new() { ProfileId = "upstream-0.41.0", Scheduling = SchedulingMode.CapacityTracking }, GivenCluster.Of(34, snapshots: true));

        Assert.Null(plan.CertificateSecret);
        Assert.DoesNotContain(plan.Objects, planned => planned.Stage is InstallStage.Webhook or InstallStage.Scheduler);
        Assert.Equal(31 + 1, plan.Objects.Count(planned => !planned.Shared));
        Assert.Empty(plan.LeftOut);
    }
}
