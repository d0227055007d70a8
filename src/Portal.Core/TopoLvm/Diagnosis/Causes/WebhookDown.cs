using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>TopoLVM's webhook does not answer, so the API server creates no pods.</summary>
internal sealed class WebhookDown : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        var said = Refused.For(one).Where(refusal => WebhookCertificate.IsOfWebhook(refusal.Message, one.Around.Names) && !WebhookCertificate.IsOfCertificate(refusal.Message)).ToArray();
        var controller = one.Around.Installation?.Find(ComponentRole.Controller);
        var isDown = controller is not { Ready: > 0 };
        if (said.Length == 0 && !(isDown && WaitsForPods(one))) yield break;
        if (WebhookOf(one) is not { } webhook) yield break;
        yield return new(nameof(WebhookDown), DiagnosisTexts.WebhookDown(webhook.Metadata.Name), isDown ? DiagnosisTexts.WebhookDownRemedy(webhook.Metadata.Name) : DiagnosisTexts.WebhookBackRemedy)
        {
            Place = new(controller is null ? MendingPage.Install : MendingPage.Overview),
            Evidence = [.. said.Select(Witness.Of), .. controller is { } down && isDown ? [Witness.Of(down)] : Array.Empty<Evidence>()],
        };
    }

    /// <summary>A claim of the case waits for a pod, and no pod can come.</summary>
    private static bool WaitsForPods(Case one) => one.Claims.Any(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, IsImmediate: false, Pods.IsEmpty: true });

    /// <summary>The configuration by which the API server asks TopoLVM before it creates a pod; null when it need not ask.</summary>
    private static MutatingWebhookConfiguration? WebhookOf(Case one) => one.Around.Cluster.Webhooks.Items.Values.OrderBy(found => found.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault(found => found.Webhooks.Any(webhook => webhook.Name.EndsWith(one.Around.Names.Group, StringComparison.Ordinal) && webhook.FailurePolicy != "Ignore"));
}
