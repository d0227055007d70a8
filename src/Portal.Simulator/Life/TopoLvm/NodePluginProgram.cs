using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>topolvm-node: it needs lvmd on its node, and its pod's registrar makes the CSI driver known to the kubelet.</summary>
public sealed class NodePluginProgram : INodeProgram
{
    public bool Is(string executable) => executable == "topolvm-node";

    public string? Start(ContainerStart start)
    {
        if (start.CommandLine.Contains("--embed-lvmd"))
        {
            var (lvmd, problem) = LvmdProgram.Read(start);
            if (problem is not null) return problem;
            start.Node.Change(state => state with { Lvmd = lvmd });
        }
        if (start.Node.State.Current.Lvmd is null) return "failed to connect to lvmd: dial unix /run/topolvm/lvmd.sock: connect: no such file or directory";
        var names = TopoLvmVersion.NamesOf(start);
        var plugin = new RunningNodePlugin(start.Pod.Metadata.Uid, TopoLvmVersion.Of(start.ImageTag));
        start.Node.Change(state => state with { NodePlugins = state.NodePlugins.SetItem(names.Group, plugin) });
        if (IsRegistered(start, names))
            start.Node.Change(state => state with { CsiDrivers = state.CsiDrivers.SetItem(names.Provisioner, names.TopologyLabel) });
        return null;
    }

    public void Stop(SimulatedNode node, string podUid)
    {
        foreach (var group in node.State.Current.NodePlugins.Where(plugin => plugin.Value.PodUid == podUid).Select(plugin => plugin.Key).ToArray())
            node.Change(state => state with { NodePlugins = state.NodePlugins.Remove(group), CsiDrivers = state.CsiDrivers.Remove(group) });
        node.Change(state => state.Lvmd?.PodUid == podUid ? state with { Lvmd = null } : state);
    }

    // The kubelet sees the socket only under its own directory, which differs between distributions.
    private static bool IsRegistered(ContainerStart start, TopoLvmNames names)
    {
        var socket = $"--kubelet-registration-path={start.Node.Scenario.KubeletDirectory}/plugins/{names.Provisioner}/";
        return start.Pod.Json.Objects("spec", "containers").SelectMany(container => container.Texts("command").Concat(container.Texts("args")))
            .Any(argument => argument.StartsWith(socket, StringComparison.Ordinal));
    }
}
