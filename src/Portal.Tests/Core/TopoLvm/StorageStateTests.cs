using System.Globalization;
using System.Text;
using Portal.Core.TopoLvm;
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

        var picture = Describe(StorageState.From(ClusterYaml.Read(Path.Combine(folder, "cluster.yaml"))));

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "expected.txt")).TrimEnd(), picture.TrimEnd());
    }

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
            text.AppendLine(invariant, $"node {node.Name} ready {node.IsReady}{(node.OfflineSince is { } since ? " since " + since.ToString("u", invariant) : "")} enabled {node.IsEnabled} [{string.Join(", ", node.Capacities.Select(capacity => capacity.DeviceClass + "=" + capacity.AvailableBytes.ToString(invariant)))}]");
        foreach (var volume in state.Volumes)
            text.AppendLine(invariant, $"volume {volume.Name} claim {volume.Claim is not null} persistent {volume.PersistentVolume is not null} logical {volume.LogicalVolume is not null} on {volume.Node ?? "-"} pods {volume.Pods.Length}");
        return text.ToString();
    }
}
