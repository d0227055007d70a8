using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>admissionregistration.k8s.io MutatingWebhookConfiguration: which service is asked before an object is created.</summary>
public sealed record MutatingWebhookConfiguration : IKubeObject
{
    public static readonly KubeKind<MutatingWebhookConfiguration> Kind = new("admissionregistration.k8s.io", "v1",
        "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false, KubeJson.Of<MutatingWebhookConfiguration>());

    public ObjectMeta Metadata { get; init; } = new();
    public ImmutableArray<MutatingWebhook> Webhooks { get; init; } = [];
}

public sealed record MutatingWebhook
{
    public string Name { get; init; } = "";
    public string? FailurePolicy { get; init; }
    public WebhookClientConfig ClientConfig { get; init; } = new();
}

public sealed record WebhookClientConfig
{
    /// <summary>PEM in base64.</summary>
    public string? CaBundle { get; init; }

    public ServiceReference? Service { get; init; }
}

public sealed record ServiceReference(string Namespace, string Name, string? Path);
