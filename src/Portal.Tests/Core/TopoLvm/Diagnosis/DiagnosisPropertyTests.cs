using CsCheck;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Tests.Core.TopoLvm.Diagnosis;

public sealed class DiagnosisPropertyTests
{
    private static readonly string[] Names = [.. DiagnosisCases.Names];

    // Several troubles at once, with objects missing here and there: what no case folder was written for.
    private static readonly Gen<(int[] Cases, int Dropped)> Mixtures = Gen.Select(Gen.Int[0, Names.Length - 1].Array[1, 5], Gen.Int[0, 6]);

    [Fact]
    public void Any_mixture_of_troubles_gets_an_answer_and_always_the_same() => Mixtures.Sample(mixture =>
    {
        var cluster = Mix(mixture.Cases.Select(at => DiagnosisCases.Read(Names[at])), mixture.Dropped);

        var answer = DiagnosisCases.Describe(cluster);

        Assert.Equal(answer, DiagnosisCases.Describe(Reversed(cluster)));
        Assert.Equal(Attention.Of(DiagnosisCases.Around(cluster)).Items.Select(item => item.Finding.What), Attention.Of(DiagnosisCases.Around(Reversed(cluster))).Items.Select(item => item.Finding.What));
    }, iter: 300);

    [Fact]
    public void What_needs_attention_is_the_first_cause_of_each_thing_that_is_stuck()
    {
        foreach (var around in Names.Select(name => DiagnosisCases.Around(DiagnosisCases.Read(name))))
        {
            foreach (var item in Attention.Of(around).Items)
                Assert.All(item.Subjects, subject => Assert.Equal(item.Finding.What, Verdict.Of(subject, around).First!.What));
        }
    }

    private static ClusterSnapshot Mix(IEnumerable<ClusterSnapshot> clusters, int dropped) => clusters.Aggregate((one, other) => one with
    {
        Nodes = Both(one.Nodes, other.Nodes, dropped),
        Pods = Both(one.Pods, other.Pods, dropped),
        Deployments = Both(one.Deployments, other.Deployments, 0),
        DaemonSets = Both(one.DaemonSets, other.DaemonSets, dropped),
        ConfigMaps = Both(one.ConfigMaps, other.ConfigMaps, dropped),
        Claims = Both(one.Claims, other.Claims, dropped),
        PersistentVolumes = Both(one.PersistentVolumes, other.PersistentVolumes, dropped),
        StorageClasses = Both(one.StorageClasses, other.StorageClasses, dropped),
        LegacyLogicalVolumes = Both(one.LegacyLogicalVolumes, other.LegacyLogicalVolumes, dropped),
        LogicalVolumes = Both(one.LogicalVolumes, other.LogicalVolumes, dropped),
        Webhooks = Both(one.Webhooks, other.Webhooks, dropped),
        CsiNodes = Both(one.CsiNodes, other.CsiNodes, dropped),
        CsiDrivers = Both(one.CsiDrivers, other.CsiDrivers, 0),
        VolumeSnapshots = Both(one.VolumeSnapshots, other.VolumeSnapshots, dropped),
        ClaimEvents = Both(one.ClaimEvents, other.ClaimEvents, 0),
        PodWarnings = Both(one.PodWarnings, other.PodWarnings, 0),
        Refusals = Both(one.Refusals, other.Refusals, 0),
    });

    private static KindSnapshot<T> Both<T>(KindSnapshot<T> one, KindSnapshot<T> other, int dropped) where T : IKubeObject
    {
        var all = one.Items.SetItems(other.Items);
        return one with { Items = dropped == 0 || all.Count < 2 ? all : all.Remove(all.Keys.OrderBy(name => name.ToString(), StringComparer.Ordinal).ElementAt(dropped % all.Count)) };
    }

    private static ClusterSnapshot Reversed(ClusterSnapshot cluster) => cluster with
    {
        Nodes = Reversed(cluster.Nodes),
        Pods = Reversed(cluster.Pods),
        Claims = Reversed(cluster.Claims),
        ClaimEvents = Reversed(cluster.ClaimEvents),
        StorageClasses = Reversed(cluster.StorageClasses),
    };

    // The same content in a map that was filled the other way round.
    private static KindSnapshot<T> Reversed<T>(KindSnapshot<T> kind) where T : IKubeObject =>
        kind with { Items = kind.Items.Reverse().Aggregate(kind.Items.Clear(), (map, item) => map.Add(item.Key, item.Value)) };
}
