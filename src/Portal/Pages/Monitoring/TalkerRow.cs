using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Monitoring;

/// <summary>A line of the list of what is busiest.</summary>
/// <param name="Volume">Whose logical volume it is; null for a node, and for a volume that is not TopoLVM's.</param>
public sealed record TalkerRow(Talker Talker, Volume? Volume)
{
    public string Key => $"{Talker.Of.Node}:{Talker.Of.Name}";

    public string Name => Talker.Of.Kind == MeasuredKind.Node ? Talker.Of.Node : Volume?.Name.ToString() ?? Talker.Of.Name;

    /// <summary>The page that says more.</summary>
    public string Address => Volume is { Claim: not null } volume ? $"/volumes/{volume.Name.Namespace}/{volume.Name.Name}" : "/nodes/" + Talker.Of.Node;

    public string Pods => Volume is null ? "" : string.Join(", ", Volume.Users.Select(pod => pod.Metadata.Name));

    /// <summary>null where nothing was read or written, so that there is no latency.</summary>
    public double? Value(Func<IoRates, double> of) => of(Talker.Io) is var value && double.IsNaN(value) ? null : value;
}
