using System.Globalization;
using System.Text;
using Portal.Core.Cluster;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Diagnosis;

/// <summary>Each folder under Cases: what is wrong in a cluster that is otherwise one of the healthy ones beside it, and every answer to "why?".</summary>
internal static class DiagnosisCases
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Core", "TopoLvm", "Diagnosis", "Cases");

    public static IEnumerable<string> Names => Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static IEnumerable<string> HealthyOnes => Directory.GetFiles(Folder, "healthy-*.yaml").Order(StringComparer.Ordinal);

    /// <summary>The version stands in the case's name; without one it is the oldest.</summary>
    public static ClusterSnapshot Read(string name) => ClusterYaml.Read(
        HealthyOnes.SingleOrDefault(path => name.EndsWith("-on-" + Path.GetFileNameWithoutExtension(path)["healthy-".Length..], StringComparison.Ordinal)) ?? HealthyOnes.First(),
        Path.Combine(Folder, name, "cluster.yaml"));

    public static string Expected(string name) => File.ReadAllText(Path.Combine(Folder, name, "expected.txt"));

    public static Surroundings Around(ClusterSnapshot cluster) => Surroundings.Of(cluster, StorageState.From(cluster));

    public static IEnumerable<Subject> SubjectsIn(ClusterSnapshot cluster) =>
        cluster.Pods.Items.Values.Select(Subject.Of).Concat(cluster.Claims.Items.Values.Select(Subject.Of))
            .Concat(cluster.LegacyLogicalVolumes.Items.Values.Concat(cluster.LogicalVolumes.Items.Values).Select(Subject.Of)).Concat(cluster.Nodes.Items.Values.Select(Subject.Of))
            .OrderBy(subject => subject.ToString(), StringComparer.Ordinal);

    /// <summary>Every object of the cluster with anything to explain.</summary>
    public static string Describe(ClusterSnapshot cluster)
    {
        var around = Around(cluster);
        var text = new StringBuilder();
        foreach (var verdict in SubjectsIn(cluster).Select(subject => Verdict.Of(subject, around)).Where(verdict => verdict.First is not null)) Describe(verdict, text);
        return text.ToString();
    }

    public static void Describe(Verdict verdict, StringBuilder text)
    {
        var invariant = CultureInfo.InvariantCulture;
        text.AppendLine(invariant, $"{verdict.Subject}");
        foreach (var finding in verdict.Findings)
        {
            text.AppendLine(invariant, $"  {finding.Cause}{(finding.Urgency == Urgency.AsIntended ? " (as intended)" : "")}: {finding.What.English}");
            foreach (var evidence in finding.Evidence) text.AppendLine(invariant, $"    {evidence.Object}{(evidence.At is { } at ? " at " + at.ToString("u", invariant) : "")}: {evidence.Says.English}");
            foreach (var unknown in finding.NotKnown) text.AppendLine(invariant, $"    not known: {unknown.English}");
            text.AppendLine(invariant, $"    remedy: {finding.Remedy.English}{(finding.Place is { } place ? $" [{place.Page} {place.Of}]" : "")}");
        }
    }
}
