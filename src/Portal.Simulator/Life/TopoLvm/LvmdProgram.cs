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
        if (lvmd is null) return problem;
        start.Say("configuration file loaded: /etc/topolvm/lvmd.yaml");
        start.Node.Change(state => state with { Lvmd = lvmd });
        return null;
    }

    public string? WhyItEnds(SimulatedNode node, string podUid) =>
        node.State.Current is { KillsLvmd: true, Lvmd: { } lvmd } && lvmd.PodUid == podUid ? "signal: killed" : null;

    public void Exit(SimulatedNode node, string podUid) => Stop(node, podUid);

    public void Stop(SimulatedNode node, string podUid) =>
        node.Change(state => state.Lvmd?.PodUid == podUid ? state with { Lvmd = null, KillsLvmd = false } : state);

    /// <summary>The lvmd that a container's configuration makes, or what it says before it exits.</summary>
    internal static (RunningLvmd? Lvmd, string? Problem) Read(ContainerStart start)
    {
        if (ConfigOf(start) is not { } text) return (null, "open /etc/topolvm/lvmd.yaml: no such file or directory");
        var version = TopoLvmVersion.Of(start.ImageTag);
        var (configuration, problem) = LvmdFile.Read(text, version);
        if (configuration is null) return (null, problem);
        var storage = start.Node.State.Current.Storage;
        foreach (var one in configuration.Classes)
            if (Missing(one, storage) is { } missing) return (null, missing);
        return (new RunningLvmd(start.Pod.Metadata.Uid, version, configuration, ImmutableSortedDictionary<string, long>.Empty).LookAt(storage), null);
    }

    private static string? Missing(LvmdClass one, NodeStorage storage)
    {
        if (!storage.VolumeGroups.TryGetValue(one.VolumeGroup, out var group)) return $"volume group not found: {one.VolumeGroup}";
        return one.ThinPool is { } thin && !group.ThinPools.ContainsKey(thin.Name) ? $"Thin pool not found: {thin.Name}" : null;
    }

    private static string? ConfigOf(ContainerStart start)
    {
        var mount = start.Container.Objects("volumeMounts").FirstOrDefault(mount => mount.Text("mountPath").TrimEnd('/') == "/etc/topolvm");
        var volume = start.Pod.Json.Objects("spec", "volumes").FirstOrDefault(volume => volume.Text("name") == mount.Text("name"));
        var map = start.Objects.ConfigMaps.GetValueOrDefault(new ObjectName(start.Pod.Namespace, volume.Text("configMap", "name")));
        return (string?)map?.Json["data"].At("lvmd.yaml");
    }
}
