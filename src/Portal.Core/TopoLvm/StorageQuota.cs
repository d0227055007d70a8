using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>What the quotas of a namespace leave for claims: in all, and of one StorageClass.</summary>
public static class StorageQuota
{
    private const string OfClass = ".storageclass.storage.k8s.io/";

    /// <summary>Null, or the sentence that says which quota a claim would exceed, with the numbers.</summary>
    /// <param name="more">What is asked for beside what is used already.</param>
    /// <param name="isNew">It counts as one more claim.</param>
    public static Message? WhyNot(ImmutableArray<ResourceQuota> quotas, string storageClass, Quantity more, bool isNew)
    {
        foreach (var quota in quotas.OrderBy(quota => quota.Metadata.Name, StringComparer.Ordinal))
        {
            foreach (var (resource, hard) in quota.Status.Hard.OrderBy(limit => limit.Key, StringComparer.Ordinal))
            {
                if (!Quantity.TryParse(hard, out var limit)) continue;
                var used = Quantity.TryParse(quota.Status.Used.GetValueOrDefault(resource), out var counted) ? counted : Quantity.Zero;
                if (IsSize(resource, storageClass) && used + more > limit) return VolumeTexts.QuotaExceeded(quota.Metadata.Name, limit, resource, used, more);
                if (isNew && IsCount(resource, storageClass) && used.Value + 1 > limit.Value) return VolumeTexts.QuotaFull(quota.Metadata.Name, limit, resource, used);
            }
        }
        return null;
    }

    private static bool IsSize(string resource, string storageClass) => resource == "requests.storage" || resource == storageClass + OfClass + "requests.storage";

    private static bool IsCount(string resource, string storageClass) =>
        resource is "persistentvolumeclaims" or "count/persistentvolumeclaims" || resource == storageClass + OfClass + "persistentvolumeclaims";
}
