namespace Portal.Core.TopoLvm.Install;

/// <summary>Where a kind belongs in the order of an install.</summary>
internal static class InstallStages
{
    public static InstallStage Of(string kind, string name) => kind switch
    {
        "Namespace" => InstallStage.Namespace,
        "CustomResourceDefinition" => InstallStage.Definition,
        "ServiceAccount" or "ClusterRole" or "ClusterRoleBinding" or "Role" or "RoleBinding" or "PodSecurityPolicy" => InstallStage.Access,
        "Secret" or "Certificate" or "Issuer" => InstallStage.Certificate,
        "CSIDriver" or "StorageClass" => InstallStage.Storage,
        "DaemonSet" when name.Contains("scheduler", StringComparison.Ordinal) => InstallStage.Scheduler,
        "DaemonSet" => InstallStage.Nodes,
        "Deployment" when name.Contains("scheduler", StringComparison.Ordinal) => InstallStage.Scheduler,
        "Deployment" or "Service" or "PodDisruptionBudget" => InstallStage.Controller,
        "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" => InstallStage.Webhook,
        _ => InstallStage.Configuration,
    };
}
