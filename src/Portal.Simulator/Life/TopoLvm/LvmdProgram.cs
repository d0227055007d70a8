using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>lvmd: it runs only where every volume group of its file exists.</summary>
public sealed class LvmdProgram : INodeProgram
{
    public bool Is(string executable) => executable == "lvmd";

    public string? Start(ContainerStart start)
    {
        var (lvmd, problem) = Read(start);
        if (lvmd is not null) start.Node.Change(state => state with { Lvmd = lvmd });
        return problem;
    }

    public void Stop(SimulatedNode node, string podUid) =>
        node.Change(state => state.Lvmd?.PodUid == podUid ? state with { Lvmd = null } : state);

    /// <summary>The lvmd that a container's configuration makes, or what it says before it exits.</summary>
    internal static (RunningLvmd? Lvmd, string? Problem) Read(ContainerStart start)
    {
        if (ConfigOf(start) is not { } text) return (null, "open /etc/topolvm/lvmd.yaml: no such file or directory");
        var version = TopoLvmVersion.Of(start.ImageTag);
        var (classes, problem) = LvmdFile.Read(text, version);
        if (problem is not null) return (null, problem);
        var storage = start.Node.State.Current.Storage;
        if (classes.FirstOrDefault(one => !storage.VolumeGroups.ContainsKey(one.VolumeGroup)) is { } missing)
            return (null, $"volume group not found: {missing.VolumeGroup}");
        if (classes.FirstOrDefault(one => one.IsThin) is { } thin) return (null, $"Thin pool not found: {thin.VolumeGroup}");
        return (new RunningLvmd(start.Pod.Metadata.Uid, version, classes, ImmutableSortedDictionary<string, long>.Empty).LookAt(storage), null);
    }

    private static string? ConfigOf(ContainerStart start)
    {
        var mount = start.Container.Objects("volumeMounts").FirstOrDefault(mount => mount.Text("mountPath").TrimEnd('/') == "/etc/topolvm");
        var volume = start.Pod.Json.Objects("spec", "volumes").FirstOrDefault(volume => volume.Text("name") == mount.Text("name"));
        var map = start.Objects.ConfigMaps.GetValueOrDefault(new ObjectName(start.Pod.Namespace, volume.Text("configMap", "name")));
        return (string?)map?.Json["data"].At("lvmd.yaml");
    }
}
