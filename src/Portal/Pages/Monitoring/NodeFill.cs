using System.Collections.Immutable;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Monitoring;

/// <summary>How full the fullest device class of a node is.</summary>
/// <param name="UsedBytes">Of all that the class has.</param>
public sealed record NodeFill(string Node, string DeviceClass, long UsedBytes, long SizeBytes)
{
    /// <summary>Where each colour begins, in percent.</summary>
    public static ImmutableArray<int> Steps { get; } = [0, 25, 50, 70, 85, 95];

    public double Percent => UsedBytes * 100.0 / SizeBytes;

    /// <summary>The place of its colour in <see cref="Steps"/>.</summary>
    public int Step
    {
        get
        {
            var step = Steps.Length - 1;
            while (step > 0 && Percent < Steps[step]) step--;
            return step;
        }
    }

    /// <summary>The fullest first; a node whose sizes are not known is left out.</summary>
    /// <param name="deviceClass">null looks at every class.</param>
    /// <param name="name">A part of the names of the nodes that are looked at; null for all.</param>
    public static ImmutableArray<NodeFill> Of(StorageState storage, string? deviceClass, string? name = null) =>
    [
        .. storage.Nodes.Where(node => name is null || node.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(node => Fullest(node, deviceClass)).OfType<NodeFill>().OrderByDescending(fill => fill.Percent).ThenBy(fill => fill.Node, StringComparer.Ordinal),
    ];

    private static NodeFill? Fullest(StorageNode node, string? deviceClass) => node.Classes
        .Where(one => one is { SizeBytes: > 0, UsedBytes: not null } && (deviceClass is null || one.DeviceClass == deviceClass))
        .Select(one => new NodeFill(node.Name, one.DeviceClass, one.UsedBytes!.Value, one.SizeBytes!.Value)).MaxBy(fill => fill.Percent);
}
