using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Components.Lists;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Volumes;

/// <summary>The columns and choices of the volume list.</summary>
internal static class VolumeColumns
{
    public static IReadOnlyList<ListColumn<Volume>> All(RenderFragment<Volume> name, RenderFragment<Volume> state, RenderFragment<Volume> node, RenderFragment<Volume> storageClass, RenderFragment<Volume> pods) =>
    [
        new("name", VolumesTexts.Name, volume => volume.Name.ToString()) { Cell = name },
        new("state", VolumesTexts.State, volume => volume.State.Word.ToString()) { Cell = state, SortBy = volume => (int)volume.State.Kind },
        Bytes("requested", VolumesTexts.Requested, volume => volume.RequestedBytes),
        Bytes("provisioned", VolumesTexts.Provisioned, volume => volume.ProvisionedBytes) with { IsExtra = true },
        Bytes("logical", VolumesTexts.LogicalVolumeSize, volume => volume.LogicalVolumeBytes),
        Bytes("usable", VolumesTexts.Usable, volume => volume.UsableBytes) with { IsExtra = true },
        Bytes("room", VolumesTexts.CanGrowTo, volume => volume.Headroom?.LargestBytes),
        new("node", VolumesTexts.Node, volume => volume.Node ?? "–") { Cell = node },
        new("class", VolumesTexts.DeviceClass, VolumeWords.ClassOf) { IsExtra = true },
        new("storage-class", VolumesTexts.StorageClass, volume => volume.Claim?.Spec.StorageClassName ?? "–") { Cell = storageClass, IsExtra = true },
        new("pods", VolumesTexts.Pods, volume => string.Join(", ", volume.Users.Select(pod => pod.Metadata.Name))) { Cell = pods },
        new("kind", VolumesTexts.FileSystem, VolumeWords.KindOf) { IsExtra = true },
        new("policy", VolumesTexts.ReclaimPolicy, volume => volume.ReclaimPolicy) { IsExtra = true },
    ];

    /// <summary>Made once for each state of the volumes, whoever looks at them.</summary>
    public static IReadOnlyList<ListFilter<Volume>> Filters(ImmutableArray<Volume> volumes) =>
        MadeOnce.Of(volumes, "filters " + CultureInfo.CurrentUICulture.Name, MakeFilters);

    private static ListFilter<Volume>[] MakeFilters(ImmutableArray<Volume> volumes) =>
    [
        Choice("namespace", VolumesTexts.Namespace, volumes.Select(volume => volume.Name.Namespace ?? ""), volume => volume.Name.Namespace ?? ""),
        Choice("node", VolumesTexts.Node, volumes.Select(volume => volume.Node ?? ""), volume => volume.Node ?? ""),
        Choice("class", VolumesTexts.StorageClass, volumes.Select(volume => volume.Claim?.Spec.StorageClassName ?? ""), volume => volume.Claim?.Spec.StorageClassName ?? ""),
        new("state", VolumesTexts.State, [.. Enum.GetValues<VolumeStateKind>().Where(IsOfClaims).Select(kind => (Id(kind), VolumeState.WordOf(kind).ToString()))],
            (volume, value) => Id(volume.State.Kind) == value),
    ];

    private static ListColumn<Volume> Bytes(string id, string title, Func<Volume, long?> bytes) =>
        new(id, title, volume => VolumeWords.Size(bytes(volume))) { SortBy = volume => bytes(volume), IsNumber = true, GreatestFirst = true };

    private static ListFilter<Volume> Choice(string id, string title, IEnumerable<string> values, Func<Volume, string> valueOf) =>
        new(id, title, [.. values.Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal).Select(value => (value, value))], (volume, value) => valueOf(volume) == value);

    private static bool IsOfClaims(VolumeStateKind kind) => kind is not (VolumeStateKind.Releasing or VolumeStateKind.Retained or VolumeStateKind.LeftOver);

    private static string Id(VolumeStateKind kind) => kind.ToString().ToLowerInvariant();
}
