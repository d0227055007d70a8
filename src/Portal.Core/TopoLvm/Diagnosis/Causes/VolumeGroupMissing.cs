using System.Text.RegularExpressions;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>lvmd exits at its start because a volume group or thin pool of its file is not on the node.</summary>
internal sealed partial class VolumeGroupMissing : ICause
{
    /// <summary>A failing lvmd names what it misses.</summary>
    public static bool Is(string words) => Missing().IsMatch(words);

    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var (node, pod) in NodeParts.FailingLvmd(one))
        {
            if (NodeParts.WordsOf(pod) is not { } words || Missing().Match(words) is not { Success: true } found) continue;
            var (isPool, name) = (found.Groups[1].Value[0] is 'T' or 't', found.Groups[2].Value);
            yield return new(nameof(VolumeGroupMissing), isPool ? DiagnosisTexts.ThinPoolMissing(node, name) : DiagnosisTexts.VolumeGroupMissing(node, name),
                isPool ? DiagnosisTexts.ThinPoolMissingRemedy(node, name) : DiagnosisTexts.VolumeGroupMissingRemedy(node, name))
            {
                Place = new(MendingPage.Node, new(null, node)),
                Evidence = [NodeParts.Words(pod, words)],
            };
        }
    }

    // lvmd writes its log as text or with named fields, by version.
    [GeneratedRegex("""(volume group|thin pool) not found(?:: |.*?(?:volume_group|thinpool)["=:]+ ?"?)([^ "]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Missing();
}
