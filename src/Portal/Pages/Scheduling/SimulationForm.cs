using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Pages.Scheduling;

/// <summary>What a person asks the simulation, as the URL keeps it.</summary>
/// <param name="Size">A quantity: "100Gi".</param>
/// <param name="Selector">Labels that the pod asks for: "a=b, c=d".</param>
/// <param name="Tolerate">Keys of taints that the pod puts up with, separated by commas.</param>
public sealed record SimulationForm(string Size, string DeviceClass, string Selector, string Tolerate, int Weight)
{
    public string? SizeProblem => Quantity.TryParse(Size, out var size) && size.Sign > 0 ? null : SchedulingPageTexts.BadSize(Size);

    public string? SelectorProblem => Words(Selector).All(IsPair) ? null : SchedulingPageTexts.BadSelector(Selector);

    public string? WeightProblem => Weight is >= 1 and <= 1_000_000 ? null : SchedulingPageTexts.BadSimulationWeight(Weight);

    /// <summary>Null while a field is wrong.</summary>
    public PlacementRequest? ToRequest() => SizeProblem is not null || SelectorProblem is not null || WeightProblem is not null ? null : new()
    {
        Claims = [new(DeviceClass, Quantity.Parse(Size).Value)],
        NodeSelector = Words(Selector).Select(word => word.Split('=')).DistinctBy(pair => pair[0]).ToImmutableSortedDictionary(pair => pair[0], pair => pair[1]),
        Tolerations = [.. Words(Tolerate).Select(key => new Toleration { Key = key, Operator = "Exists" })],
    };

    private static bool IsPair(string word) => word.Split('=') is [{ Length: > 0 }, _];

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
