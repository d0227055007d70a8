using Microsoft.EntityFrameworkCore;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Reads the readings that rows hold.</summary>
internal sealed class ReadingSource(PortalDb database)
{
    private readonly Dictionary<long, ReadingLayout> _layouts = [];

    /// <returns>In order of time.</returns>
    public async Task<List<NodeReading>> DecodeAsync(string node, IReadOnlyCollection<ReadingRow> rows, CancellationToken cancel)
    {
        long[] missing = [.. rows.Select(row => row.Layout).Distinct().Where(id => !_layouts.ContainsKey(id))];
        foreach (var layout in await database.ReadingLayouts.AsNoTracking().Where(row => missing.Contains(row.Id)).ToListAsync(cancel)) _layouts[layout.Id] = ReadingLayout.Decode(layout.Data);
        var readings = new List<NodeReading>(rows.Count);
        foreach (var row in rows)
            if (_layouts.TryGetValue(row.Layout, out var layout)) readings.AddRange(ReadingCodec.Decode(node, layout, row.Data));
        readings.Sort((one, other) => one.At.CompareTo(other.At));
        return readings;
    }
}
