using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A quota of the namespace allows no more claims, storage or pods.</summary>
internal sealed class QuotaExceeded : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var said in Refused.For(one).Where(refusal => refusal.Message.Contains("exceeded quota", StringComparison.Ordinal)))
            yield return new(nameof(QuotaExceeded), DiagnosisTexts.QuotaRefused(said.About.Namespace), DiagnosisTexts.QuotaRemedy(said.About.Namespace)) { Evidence = [Witness.Of(said)] };
        // Who makes a claim by hand is told so there and then; the cluster keeps only the quota.
        foreach (var ns in one.Claims.Where(claim => claim.Stage == ClaimStage.Missing).Select(claim => claim.Name.Namespace).Distinct())
        {
            var full = one.Around.Cluster.ResourceQuotas.Items.Values.Where(quota => quota.Metadata.Namespace == ns)
                .OrderBy(quota => quota.Metadata.Name, StringComparer.Ordinal).SelectMany(UsedUp).ToArray();
            if (full.Length == 0) continue;
            yield return new(nameof(QuotaExceeded), DiagnosisTexts.QuotaUsedUp(ns), DiagnosisTexts.QuotaRemedy(ns)) { Evidence = [.. full], NotKnown = [DiagnosisTexts.MissingClaimNotSeen] };
        }
    }

    private static IEnumerable<Evidence> UsedUp(ResourceQuota quota) => quota.Status.Hard.OrderBy(limit => limit.Key, StringComparer.Ordinal)
        .Where(limit => CountsClaims(limit.Key) && Quantity.TryParse(limit.Value, out var hard) && Quantity.TryParse(quota.Status.Used.GetValueOrDefault(limit.Key), out var used) && used >= hard)
        .Select(limit => Witness.Of("ResourceQuota", quota.Metadata.ObjectName, Message.Verbatim($"{limit.Key}: {quota.Status.Used[limit.Key]} / {limit.Value}")));

    private static bool CountsClaims(string resource) =>
        resource.EndsWith("requests.storage", StringComparison.Ordinal) || resource.EndsWith("persistentvolumeclaims", StringComparison.Ordinal);
}
