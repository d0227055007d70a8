using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

// The answer to "why?". Every cause looks at the case; the list of causes goes from the root to its consequences, so the first
// finding is what to mend. It is a pure function: the same cluster gives the same answer.

/// <summary>Why an object is not what it should be, as far as the cluster's objects tell.</summary>
/// <param name="Exists">The object is in the cluster.</param>
/// <param name="Findings">The root first; none when nothing is wrong, or nothing that is known here.</param>
public sealed record Verdict(Subject Subject, bool Exists, ImmutableArray<Finding> Findings)
{
    public Finding? First => Findings.IsEmpty ? null : Findings[0];

    /// <summary>What could change the answer, and is not known.</summary>
    public ImmutableArray<Message> NotKnown { get; init; } = [];

    public static Verdict Of(Subject subject, Surroundings around)
    {
        var one = Case.Of(subject, around);
        var findings = Trouble.Of(one) ? FindingsIn(one) : [];
        return new(subject, one.Exists, findings) { NotKnown = [.. Blindness.Of(around.Cluster, findings)] };
    }

    private static ImmutableArray<Finding> FindingsIn(Case one)
    {
        // A sentence that two causes, or two claims of a pod, come to is said once.
        ImmutableArray<Finding> all = [.. Causes.KnownCauses.FromRootToConsequence.SelectMany(cause => cause.Find(one)).DistinctBy(finding => finding.What)];
        if (all.IsEmpty) return [.. Causes.KnownCauses.WhenNothingElse.Select(cause => cause.Find(one).ToArray()).FirstOrDefault(found => found.Length > 0, [])];
        // What is as intended is no news beside a cause.
        return all.Any(finding => finding.Urgency == Urgency.Stopped) ? [.. all.Where(finding => finding.Urgency == Urgency.Stopped)] : all;
    }
}
