using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm;

public sealed class StorageStateTests
{
    private static readonly string CasesFolder = Path.Combine(AppContext.BaseDirectory, "Core", "TopoLvm", "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(CasesFolder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>Each folder under Cases: the objects of a cluster, and the picture that a person is shown of them.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_picture_of_a_cluster_is_the_one_in_its_case_folder(string name)
    {
        var folder = Path.Combine(CasesFolder, name);

        var picture = Describe(StorageState.From(ClusterYaml.Read(Path.Combine(folder, "cluster.yaml")), NodeLabel.Default, MetricsIn(folder)));

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "expected.txt")).TrimEnd(), picture.TrimEnd());
    }

    /// <summary>Each file metrics-NODE.txt is what topolvm-node of that node served at 08:00.</summary>
    private static NodeMetrics MetricsIn(string folder) => new(Directory.GetFiles(folder, "metrics-*.txt").ToImmutableDictionary(
        file => Path.GetFileNameWithoutExtension(file)["metrics-".Length..],
        file => new NodeReading(new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), NodeMetricsReader.Read(File.ReadAllText(file)))));

    private static string Describe(StorageState state)
    {
        var text = new StringBuilder();
        var invariant = CultureInfo.InvariantCulture;
        text.AppendLine(state.Installation is { } found
            ? $"installation {found.Names.Group} {found.Version} in {found.Namespace} by {found.Origin}, complete {found.IsComplete}, ready {found.IsReady}"
            : "no installation");
        foreach (var component in state.Installation?.Components ?? [])
            text.AppendLine(invariant, $"{component.Role} {component.Ready}/{component.Desired} {component.Health}{(component.Why is { } why ? ": " + why.English : "")}");
        foreach (var node in state.Nodes)
        {
            text.AppendLine(invariant, $"node {node.Name} ready {node.IsReady}{(node.OfflineSince is { } since ? " since " + since.ToString("u", invariant) : "")} enabled {node.IsEnabled} [{string.Join(", ", node.Capacities.Select(capacity => capacity.DeviceClass + "=" + capacity.AvailableBytes.ToString(invariant)))}]");
            DescribeParts(text, node);
        }
        foreach (var volume in state.Volumes)
        {
            text.AppendLine(invariant, $"volume {volume.Name} claim {volume.Claim is not null} persistent {volume.PersistentVolume is not null} logical {volume.LogicalVolume is not null} on {volume.Node ?? "-"} pods {volume.Pods.Length}{(volume.Orphan is { } orphan ? " orphan " + orphan : "")}");
            text.AppendLine("  sizes " + Sizes(volume));
            text.AppendLine(invariant, $"  {volume.State.Word.English}{(volume.State.Reason is { } reason ? ": " + reason.English : "")}");
        }
        return text.ToString();
    }

    /// <summary>What is worth a line: a node that TopoLVM is not on has none.</summary>
    private static void DescribeParts(StringBuilder text, StorageNode node)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (!node.Pods.IsEmpty)
            text.AppendLine(invariant, $"  lvmd {node.Lvmd.State}, topolvm-node {node.Plugin.State}, driver {node.IsDriverRegistered}{(node.Lvmd.Trouble is { } trouble ? ": " + trouble.English : "")}{(node.Lvmd.LastWords is { } words ? " | " + words : "")}");
        if (node.Configuration is { } group) text.AppendLine(invariant, $"  takes {group.ConfigMapObject}");
        foreach (var one in node.Classes)
        {
            var age = one.IsCurrent ? "current" : "as of " + (one.AsOf?.ToString("u", invariant) ?? "?");
            text.AppendLine(invariant, $"  {one.DeviceClass}{(one.IsDefault ? " (default)" : "")}{(one.IsThin ? " thin" : "")} by {one.Source} {age}, size {one.SizeBytes?.ToString(invariant) ?? "?"}, used {one.UsedBytes?.ToString(invariant) ?? "?"}, spare {one.SpareBytes?.ToString(invariant) ?? "?"} held back {one.HeldBackBytes}, promised {one.PromisedBytes}, largest claim {one.LargestClaimBytes}");
        }
        if (!node.OnTheWay.IsEmpty) text.AppendLine("  on the way " + string.Join(", ", node.OnTheWay.Select(volume => volume.Name)));
        if (node.IsBeingDeleted || !node.GoWithNode.IsEmpty)
            text.AppendLine(invariant, $"  being deleted {node.IsBeingDeleted}, held {node.IsHeld}, with it go {string.Join(", ", node.GoWithNode.Select(volume => volume.Name))}");
    }

    private static string Sizes(Volume volume) => string.Join(" / ", new[] { volume.RequestedBytes, volume.ProvisionedBytes, volume.LogicalVolumeBytes, volume.UsableBytes }
        .Select(bytes => bytes is { } known ? ByteText.Format(known) : "-"));
}
