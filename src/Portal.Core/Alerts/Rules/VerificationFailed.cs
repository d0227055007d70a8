using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Core.Alerts.Rules;

/// <summary>The last verification did not go well; the next one that does ends it.</summary>
internal sealed class VerificationFailed : IAlertRule
{
    public string Id => "verification-failed";

    public Message Title => AlertTexts.VerificationFailedTitle;

    public IEnumerable<Alert> Find(AlertFacts facts)
    {
        if (facts.Verification is { Problem: { } problem } failed)
            yield return new(Id, failed.StorageClass, AlertSeverity.Critical, AlertTexts.VerificationFailed(failed.StorageClass, problem), AlertTexts.VerificationFailedNext, new(MendingPage.Overview));
    }
}
