using System.Collections.Immutable;
using System.Text.Json;

namespace Portal.Core.Lvm;

/// <summary>All that lvm knows of a node, as <c>lvm fullreport</c> tells it in one go.</summary>
public sealed record LvmReport(
    ImmutableArray<LvmVolumeGroup> VolumeGroups, ImmutableArray<LvmPhysicalVolume> PhysicalVolumes, ImmutableArray<LvmLogicalVolume> LogicalVolumes)
{
    public static readonly LvmReport Empty = new([], [], []);

    /// <summary>What lvm is asked, after its program's name. Hidden volumes are read too: they tell where the visible ones lie.</summary>
    public static readonly ImmutableArray<string> Arguments =
    [
        "fullreport", "--reportformat", "json", "--units", "b", "--nosuffix", "--all",
        "--configreport", "vg", "-o", "vg_name,vg_uuid,vg_attr,vg_size,vg_free,vg_extent_size,pv_count,lv_count,vg_missing_pv_count",
        "--configreport", "pv", "-o", "pv_name,pv_uuid,pv_size,pv_free,dev_size,pv_missing,pv_allocatable",
        "--configreport", "lv", "-o", "lv_name,lv_uuid,lv_parent,lv_size,lv_attr,pool_lv,origin,data_percent,metadata_percent,"
            + "lv_kernel_major,lv_kernel_minor,lv_tags",
        "--configreport", "pvseg", "-o", "pv_uuid,pvseg_start,pvseg_size,lv_name",
        "--configreport", "seg", "-o", "lv_uuid,segtype,devices",
    ];

    /// <summary>Reads <c>lvm(8)</c>'s full report, in JSON and bytes.</summary>
    /// <exception cref="FormatException">The text is not such a report; the message names what is missing.</exception>
    public static LvmReport Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            LvmReportSection[] sections =
                [.. document.RootElement.GetProperty("report").EnumerateArray().Select(section => new LvmReportSection(section))];
            return new([.. sections.SelectMany(section => section.VolumeGroups())], [.. sections.SelectMany(section => section.PhysicalVolumes())],
                [.. sections.SelectMany(section => section.LogicalVolumes())]);
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"lvm's report could not be read: {other.Message}", other);
        }
    }
}
