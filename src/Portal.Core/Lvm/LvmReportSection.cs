using System.Collections.Immutable;
using System.Text.Json;

namespace Portal.Core.Lvm;

/// <summary>The part of a full report about one volume group, or about the physical volumes that belong to none.</summary>
internal sealed class LvmReportSection(JsonElement section)
{
    public IEnumerable<LvmVolumeGroup> VolumeGroups() => Rows("vg").Select(row => new LvmVolumeGroup(
        row.Text("vg_name"), row.Text("vg_uuid"), row.Number("vg_size"), row.Number("vg_free"), row.Number("vg_extent_size"),
        (int)row.Number("pv_count"), (int)row.Number("lv_count"), (int)row.Number("vg_missing_pv_count"))
    {
        Attributes = row.Text("vg_attr"),
    });

    public IEnumerable<LvmPhysicalVolume> PhysicalVolumes()
    {
        var segments = Rows("pvseg").ToLookup(row => row.Text("pv_uuid"), row =>
            new LvmSegment(row.Number("pvseg_start"), row.Number("pvseg_size"), row.TextOrNull("lv_name")));
        return Rows("pv").Select(row => new LvmPhysicalVolume(
            row.Text("pv_name"), row.Text("pv_uuid"), Group, row.Number("pv_size"), row.Number("pv_free"), row.Number("dev_size"))
        {
            IsMissing = row.Text("pv_missing").Length > 0,
            IsAllocatable = Group.Length == 0 || row.Text("pv_allocatable").Length > 0,
            Segments = [.. segments[row.Text("pv_uuid")].Where(segment => segment.Extents > 0).OrderBy(segment => segment.StartExtent)],
        });
    }

    public IEnumerable<LvmLogicalVolume> LogicalVolumes()
    {
        LvmReportRow[] rows = [.. Rows("lv")];
        // Of a part of a hidden volume, lvm writes that one's name in brackets.
        var parts = rows.ToLookup(row => Plain(row.Text("lv_parent")));
        var byName = rows.ToDictionary(row => Plain(row.Text("lv_name")));
        var segments = Rows("seg").ToLookup(row => row.Text("lv_uuid"));
        return rows.Where(row => !IsHidden(row)).Select(row => Volume(row, segments[row.Text("lv_uuid")].FirstOrDefault(), Devices(row, byName, parts, segments)));
    }

    private string Group => Rows("vg").Select(row => row.Text("vg_name")).FirstOrDefault("");

    // lvm puts the names of volumes that only serve others in brackets: "[pool_tmeta]".
    private static bool IsHidden(LvmReportRow row) => row.Text("lv_name").StartsWith('[');

    private static string Plain(string name) => name.Trim('[', ']');

    private LvmLogicalVolume Volume(LvmReportRow row, LvmReportRow? segment, ImmutableArray<string> devices)
    {
        var attributes = row.Text("lv_attr");
        return new(Group, row.Text("lv_name"), row.Text("lv_uuid"), row.Number("lv_size"))
        {
            Attributes = attributes,
            Layout = segment?.Text("segtype") ?? "linear",
            IsActive = attributes.Length > 4 && attributes[4] is not ('-' or 'X' or 'h'),
            IsOpen = attributes.Length > 5 && attributes[5] == 'o',
            Pool = row.TextOrNull("pool_lv"),
            Origin = row.TextOrNull("origin"),
            DataPercent = row.Percent("data_percent"),
            MetadataPercent = row.Percent("metadata_percent"),
            DeviceNumber = row.Number("lv_kernel_major") is >= 0 and var major ? $"{major}:{row.Number("lv_kernel_minor")}" : null,
            Devices = devices,
            Tags = row.TextOrNull("lv_tags") is { } tags ? [.. tags.Split(',')] : [],
        };
    }

    // A segment lies on devices, "/dev/sdb(0),/dev/sdc(12)", or on hidden volumes, "pool_tdata(0)", whose own segments tell more. A thin
    // volume's segments name nothing: it lies where its pool does.
    private static ImmutableArray<string> Devices(
        LvmReportRow volume, Dictionary<string, LvmReportRow> byName, ILookup<string, LvmReportRow> parts, ILookup<string, LvmReportRow> segments)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>();
        Add(volume);
        return [.. found];

        void Add(LvmReportRow row)
        {
            if (!seen.Add(row.Text("lv_uuid"))) return;
            foreach (var place in segments[row.Text("lv_uuid")].SelectMany(segment => segment.Text("devices").Split(',', StringSplitOptions.RemoveEmptyEntries)))
            {
                var name = place[..place.LastIndexOf('(')];
                if (name.StartsWith('/') || name == "[unknown]") found.Add(name);
                else if (byName.TryGetValue(Plain(name), out var below)) Add(below);
            }
            foreach (var part in parts[Plain(row.Text("lv_name"))].Where(IsHidden)) Add(part);
            if (byName.TryGetValue(Plain(row.Text("pool_lv")), out var pool)) Add(pool);
        }
    }

    private IEnumerable<LvmReportRow> Rows(string kind) =>
        section.TryGetProperty(kind, out var rows) ? rows.EnumerateArray().Select(row => new LvmReportRow(row)) : [];
}
