using System.Globalization;
using System.Text;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What topolvm-node tells of each device class at /metrics: as of when lvmd last looked at LVM.</summary>
internal static class NodePluginMetrics
{
    private static readonly Version PoolSizes = new(0, 15, 0);

    public static string Of(SimulatedNode node, RunningNodePlugin plugin)
    {
        var text = new StringBuilder();
        if (node.State.Current.Lvmd is not { } lvmd) return "";
        var classes = lvmd.Configuration.Classes.Where(one => lvmd.Seen.VolumeGroups.ContainsKey(one.VolumeGroup)).Select(one => (Class: one, Group: lvmd.Seen.VolumeGroups[one.VolumeGroup])).ToArray();
        var pools = classes.Where(one => one.Class.ThinPool is { } thin && one.Group.ThinPools.ContainsKey(thin.Name))
            .Select(one => (one.Class, one.Group, Pool: one.Group.ThinPools[one.Class.ThinPool!.Name])).ToArray();
        Write("volumegroup_available_bytes", "LVM VG available bytes under lvmd management", classes.Select(one => (one.Class, (double)Available(one.Class, one.Group, plugin.Version))));
        Write("volumegroup_size_bytes", "LVM VG size bytes under lvmd management", classes.Select(one => (one.Class, (double)one.Group.SizeBytes)));
        if (plugin.Version >= TopoLvmVersion.ThinClasses)
        {
            Write("thinpool_data_percent", "LVM VG Thin Pool data usage percent", pools.Select(one => (one.Class, one.Pool.DataPercent)));
            Write("thinpool_metadata_percent", "LVM VG Thin Pool metadata usage percent", pools.Select(one => (one.Class, one.Pool.MetadataPercent)));
        }
        if (plugin.Version < PoolSizes) return text.ToString();
        Write("thinpool_size_bytes", "LVM VG Thin Pool raw size bytes", pools.Select(one => (one.Class, (double)one.Pool.SizeBytes)));
        Write("thinpool_overprovisioned_available", "LVM VG Thin Pool bytes available with overprovisioning", pools.Select(one => (one.Class, (double)RunningLvmd.FreeOf(one.Class, one.Group))));
        return text.ToString();

        void Write(string name, string help, IEnumerable<(LvmdClass Class, double Value)> values)
        {
            var lines = values.Select(one => string.Create(CultureInfo.InvariantCulture, $"topolvm_{name}{{device_class=\"{one.Class.Name}\",node=\"{node.Name}\"}} {one.Value}\n")).ToArray();
            if (lines.Length == 0) return;
            text.Append(CultureInfo.InvariantCulture, $"# HELP topolvm_{name} {help}\n# TYPE topolvm_{name} gauge\n").AppendJoin("", lines);
        }
    }

    private static long Available(LvmdClass one, SimulatedVolumeGroup group, Version version) =>
        version < TopoLvmVersion.Renamed || one.ThinPool is not null ? group.FreeBytes : Math.Max(0, group.FreeBytes - one.SpareBytes);
}
