using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What lvmd does with lvm for a LogicalVolume.</summary>
internal static class LogicalVolumeWork
{
    /// <summary>Makes the volume, or grows the one of its name to that many bytes. Null when that is done.</summary>
    /// <param name="source">The name in lvm of what it is made from; null for a volume of its own.</param>
    public static LvmdAnswer? Carry(SimulatedNode node, RunningLvmd lvmd, KubeObject volume, string? source, long bytes)
    {
        if (node.State.Current.LvmdRefusal is { } refusal) return refusal;
        var className = volume.Json.Text("spec", "deviceClass");
        if (lvmd.FindClass(className) is not { } found) return new(GrpcCode.NotFound, "device-class not found: " + className);
        var option = volume.Json.Text("spec", "lvcreateOptionClass");
        if (option.Length > 0 && !lvmd.Configuration.OptionClasses.Contains(option)) return new(GrpcCode.Internal, "unsupported lvcreate-option-class target: " + option);
        if (!node.State.Current.Storage.VolumeGroups.TryGetValue(found.VolumeGroup, out var group))
            return new(GrpcCode.Internal, $"failed to get pool from device class: Volume group \"{found.VolumeGroup}\" not found");
        var before = group.Volumes.GetValueOrDefault(volume.Metadata.Uid);
        var made = before ?? new SimulatedVolume(volume.Metadata.Uid, 0) { Pool = found.ThinPool?.Name };
        if (bytes < made.SizeBytes && before is not null) return null;
        if (before is null && source is not null)
        {
            if (SourceProblem(found, group, source, bytes) is { } unfit) return unfit;
            made = made with { Origin = source, Content = group.Volumes[source].Content, IsReadOnly = volume.Json.Text("spec", "accessType") == "ro" };
        }
        if (SpaceProblem(found, group, bytes, made.SizeBytes) is { } full) return full;
        if (LvmProblem(node, found, group) is { } failure) return new(GrpcCode.Internal, failure);
        node.Change(state => state with { Storage = state.Storage.WithVolume(group.Name, made with { SizeBytes = bytes }) });
        return null;
    }

    private static LvmdAnswer? SourceProblem(LvmdClass one, SimulatedVolumeGroup group, string source, long bytes)
    {
        if (one.ThinPool is null) return new(GrpcCode.Unimplemented, "device class is not thin. Thick snapshots are not implemented yet");
        if (!group.Volumes.TryGetValue(source, out var origin)) return new(GrpcCode.NotFound, $"source logical volume {source} is not found");
        return SimulatedVolumeGroup.ToExtents(bytes) < origin.SizeBytes
            ? new(GrpcCode.OutOfRange, $"requested size {bytes} is smaller than source logical volume: {origin.SizeBytes}") : null;
    }

    private static LvmdAnswer? SpaceProblem(LvmdClass one, SimulatedVolumeGroup group, long bytes, long before)
    {
        var free = RunningLvmd.FreeOf(one, group);
        return SimulatedVolumeGroup.ToExtents(bytes) - before > free
            ? new(GrpcCode.ResourceExhausted, $"no enough space left on VG: free={free}, requested={bytes - before}") : null;
    }

    private static string? LvmProblem(SimulatedNode node, LvmdClass one, SimulatedVolumeGroup group)
    {
        if (node.State.Current.LvmFailure is { } failure) return failure;
        return one.ThinPool is { } thin && group.ThinPools.GetValueOrDefault(thin.Name) is { IsFull: true }
            ? $"exit status 5: Cannot create new thin volume, free space in thin pool {group.Name}/{thin.Name} reached threshold." : null;
    }
}
