namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>The API server does not trust the certificate of TopoLVM's webhook, so it creates no pods.</summary>
internal sealed class WebhookCertificate : ICause
{
    private static readonly string[] Words = ["x509", "tls:", "certificate"];

    /// <summary>What the API server says when a webhook of TopoLVM could not be asked.</summary>
    internal static bool IsOfWebhook(string message, TopoLvmNames names) =>
        message.Contains("failed calling webhook", StringComparison.Ordinal) && message.Contains(names.Group, StringComparison.Ordinal);

    internal static bool IsOfCertificate(string message) => Words.Any(word => message.Contains(word, StringComparison.Ordinal));

    public IEnumerable<Finding> Find(Case one)
    {
        var said = Refused.For(one).Where(refusal => IsOfWebhook(refusal.Message, one.Around.Names) && IsOfCertificate(refusal.Message)).ToArray();
        if (said.Length == 0) yield break;
        yield return new(nameof(WebhookCertificate), DiagnosisTexts.WebhookCertificate, DiagnosisTexts.WebhookCertificateRemedy)
        {
            Place = new(MendingPage.Install),
            Evidence = [.. said.Select(Witness.Of)],
            NotKnown = [DiagnosisTexts.CertificateNotSeen],
        };
    }
}
