using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Scheduling;

public enum SchedulingState
{
    /// <summary>kube-scheduler asks topolvm-scheduler about pods that TopoLVM's webhook marks.</summary>
    Extender,

    /// <summary>kube-scheduler reads the CSIStorageCapacity objects.</summary>
    CapacityTracking,

    /// <summary>The parts do not go together, and pods with new volumes will not be placed well or at all.</summary>
    Contradictory,

    /// <summary>Nothing looks at space: pods go anywhere, and their volumes may not fit.</summary>
    None,

    /// <summary>The extender's parts are there; whether kube-scheduler asks it does not show.</summary>
    Unproven,
}

/// <summary>Which way one proof points.</summary>
public enum ProofVerdict
{
    Good,
    Bad,
    Note,
}

/// <summary>One thing seen in the cluster that bears on the scheduling.</summary>
/// <param name="Remedy">What to do about it; null when nothing.</param>
/// <param name="At">When it was so, where that is not now.</param>
public sealed record SchedulingProof(ProofVerdict Verdict, Message Text, Message? Remedy = null, DateTimeOffset? At = null);

// Neither mode can be read from one place: kube-scheduler's file lies on its node. So every part is looked at, what kube-scheduler
// itself said about pods counts most, and the mode is only named when no part speaks against it.

/// <summary>Which way of scheduling is live, with the sentences that prove it.</summary>
public sealed record SchedulingEvidence(SchedulingState State, ImmutableArray<SchedulingProof> Proofs)
{
    public static SchedulingEvidence Of(ClusterSnapshot cluster, Installation installation) => Of(SchedulingFacts.Of(cluster, installation));

    public static SchedulingEvidence Of(SchedulingFacts facts)
    {
        var proofs = ImmutableArray.CreateBuilder<SchedulingProof>();
        foreach (var scheduler in facts.KubeSchedulers) proofs.Add(OfKubeScheduler(scheduler, facts));
        if (facts.KubeSchedulers.IsEmpty) proofs.Add(new(ProofVerdict.Note, SchedulingTexts.ProofNoKubeScheduler));
        proofs.Add(OfExtender(facts));
        proofs.Add(OfWebhook(facts));
        proofs.Add(OfDriver(facts));
        if (OfCapacities(facts) is { } capacities) proofs.Add(capacities);
        proofs.AddRange(OfEvents(facts));
        return new(StateOf(facts), proofs.ToImmutable());
    }

    /// <summary>Whether kube-scheduler asks the extender; null where that does not show.</summary>
    private static bool? AsksExtender(SchedulingFacts facts)
    {
        DateTimeOffset?[] asked = [facts.Placed?.At, facts.ExtenderSpoke?.At, facts.ExtenderSilent?.At];
        if (facts.Insufficient is { } refused && asked.All(at => at is null || at < refused.At)) return false;
        if (asked.Any(at => at is not null)) return true;
        return facts.KubeSchedulers.IsEmpty ? null : facts.KubeSchedulers.All(pod => pod.HasFile);
    }

    private static SchedulingState StateOf(SchedulingFacts facts)
    {
        var tracks = facts.TracksCapacity == true && facts.ServesCapacity;
        if (!facts.MarksPods) return !tracks ? SchedulingState.None : facts.Capacities.IsEmpty ? SchedulingState.Contradictory : SchedulingState.CapacityTracking;
        var answers = facts.Extender is not null && facts.Unanswered.IsEmpty && facts.Extender.Health == ComponentHealth.Ready;
        if (tracks || !answers) return SchedulingState.Contradictory;
        return AsksExtender(facts) switch { true => SchedulingState.Extender, false => SchedulingState.Contradictory, null => SchedulingState.Unproven };
    }

    private static SchedulingProof OfKubeScheduler(KubeSchedulerPod pod, SchedulingFacts facts)
    {
        if (pod is { Configuration: not null, Policy: not null })
            return new(ProofVerdict.Bad, SchedulingTexts.ProofBothFlags(pod.Node), SchedulingTexts.RemedyBothFlags);
        if (pod.Policy is { } policy && facts.Version.IsAtLeast(1, 23))
            return new(ProofVerdict.Bad, SchedulingTexts.ProofPolicyGone(pod.Node, facts.Version), SchedulingTexts.RemedyGenerate);
        if (pod.HasFile)
            return new(facts.MarksPods ? ProofVerdict.Good : ProofVerdict.Note, SchedulingTexts.ProofFlag(pod.Node, pod.Policy is null ? "--config" : "--policy-config-file", pod.Configuration ?? pod.Policy!));
        return new(facts.MarksPods ? ProofVerdict.Bad : ProofVerdict.Note, SchedulingTexts.ProofNoFlag(pod.Node), facts.MarksPods ? SchedulingTexts.RemedyGenerate : null);
    }

    private static SchedulingProof OfExtender(SchedulingFacts facts)
    {
        if (facts.Extender is not { } extender)
            return new(facts.MarksPods ? ProofVerdict.Bad : ProofVerdict.Note, SchedulingTexts.ProofNoExtender, facts.MarksPods ? SchedulingTexts.RemedyInstallExtender : null);
        if (!facts.Unanswered.IsEmpty)
            return new(facts.MarksPods ? ProofVerdict.Bad : ProofVerdict.Note, SchedulingTexts.ProofUnanswered(string.Join(", ", facts.Unanswered)), extender.Why ?? SchedulingTexts.RemedyUnanswered);
        if (extender.Health != ComponentHealth.Ready)
            return new(ProofVerdict.Bad, SchedulingTexts.ProofExtenderNotReady(extender.WorkloadKind, extender.Workload, extender.Ready, extender.Desired), extender.Why ?? SchedulingTexts.RemedyUnanswered);
        return new(facts.MarksPods ? ProofVerdict.Good : ProofVerdict.Note, SchedulingTexts.ProofExtenderReady(extender.WorkloadKind, extender.Workload, extender.Ready));
    }

    private static SchedulingProof OfWebhook(SchedulingFacts facts) => (facts.MarksPods, facts.TracksCapacity == true) switch
    {
        (true, false) => new(ProofVerdict.Good, SchedulingTexts.ProofWebhook(facts.Installation.Names.CapacityResource)),
        (true, true) => new(ProofVerdict.Bad, SchedulingTexts.ProofWebhook(facts.Installation.Names.CapacityResource), SchedulingTexts.RemedyOneMode),
        (false, true) => new(ProofVerdict.Good, SchedulingTexts.ProofNoWebhook),
        (false, false) => new(ProofVerdict.Bad, SchedulingTexts.ProofNoWebhook, SchedulingTexts.RemedyNothing),
    };

    private static SchedulingProof OfDriver(SchedulingFacts facts) => facts.TracksCapacity switch
    {
        null => new(ProofVerdict.Bad, SchedulingTexts.ProofNoDriver(facts.Installation.Names.Provisioner), SchedulingTexts.RemedyDriver),
        true when !facts.ServesCapacity => new(ProofVerdict.Bad, SchedulingTexts.ProofCapacityNotServed(facts.Version), SchedulingTexts.RemedyOneMode),
        true => new(facts.MarksPods ? ProofVerdict.Bad : ProofVerdict.Good, SchedulingTexts.ProofTracks(facts.Installation.Names.Provisioner)),
        false => new(facts.MarksPods ? ProofVerdict.Good : ProofVerdict.Note, SchedulingTexts.ProofDoesNotTrack(facts.Installation.Names.Provisioner)),
    };

    private static SchedulingProof? OfCapacities(SchedulingFacts facts)
    {
        if (!facts.ServesCapacity || (facts.TracksCapacity != true && facts.Capacities.IsEmpty)) return null;
        if (facts.Capacities.IsEmpty) return new(ProofVerdict.Bad, SchedulingTexts.ProofNoCapacities, SchedulingTexts.RemedyNoCapacities);
        var oldest = facts.Capacities.Select(one => one.Metadata.CreationTimestamp).Min();
        return facts.Outdated > 0
            ? new(ProofVerdict.Note, SchedulingTexts.ProofOutdated(facts.Capacities.Length, facts.Outdated), SchedulingTexts.RemedyOutdated, oldest)
            : new(facts.TracksCapacity == true ? ProofVerdict.Good : ProofVerdict.Note, SchedulingTexts.ProofCapacities(facts.Capacities.Length), null, oldest);
    }

    private static IEnumerable<SchedulingProof> OfEvents(SchedulingFacts facts)
    {
        if (facts.Placed is { } placed) yield return new(ProofVerdict.Good, SchedulingTexts.ProofPlaced(placed.Name), null, placed.At);
        if (facts.ExtenderSpoke is { } spoke) yield return new(ProofVerdict.Good, SchedulingTexts.ProofExtenderSpoke(spoke.About, spoke.Message), null, spoke.At);
        if (facts.ExtenderSilent is { } silent) yield return new(ProofVerdict.Bad, SchedulingTexts.ProofExtenderSilent(silent.About, silent.Message), SchedulingTexts.RemedyUnanswered, silent.At);
        if (facts.Insufficient is { } refused) yield return new(AsksExtender(facts) == false ? ProofVerdict.Bad : ProofVerdict.Note, SchedulingTexts.ProofInsufficient(refused.About, refused.Message), SchedulingTexts.RemedyGenerate, refused.At);
        if (facts.CapacitySpoke is { } counted) yield return new(ProofVerdict.Good, SchedulingTexts.ProofCapacitySpoke(counted.About, counted.Message), null, counted.At);
    }
}
