using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>topolvm-node: it needs lvmd on its node, and its pod's registrar makes the CSI driver known to the kubelet.</summary>
public sealed class NodePluginProgram : INodeProgram
{
    // The pods whose registrar has made a driver known, with the driver.
    private readonly Dictionary<string, string> _registered = [];

    public bool Is(string executable) => executable == "topolvm-node";

    public string? Start(ContainerStart start)
    {
        if (start.CommandLine.Contains("--embed-lvmd"))
        {
            var (lvmd, problem) = LvmdProgram.Read(start);
            if (problem is not null) return problem;
            start.Node.Change(state => state with { Lvmd = lvmd });
        }
        if (start.Node.State.Current.Lvmd is not { } server) return "failed to connect to lvmd: dial unix /run/topolvm/lvmd.sock: connect: no such file or directory";
        var names = TopoLvmVersion.NamesOf(start);
        var plugin = new RunningNodePlugin(start.Pod.Metadata.Uid, TopoLvmVersion.Of(start.ImageTag), server.PodUid);
        start.Say("Server listening at csi-topolvm.sock");
        start.Node.Change(state => state with { NodePlugins = state.NodePlugins.SetItem(names.Group, plugin) });
        if (!IsRegistered(start, names)) return null;
        _registered[start.Pod.Metadata.Uid] = names.Provisioner;
        start.Node.Change(state => state with { CsiDrivers = state.CsiDrivers.SetItem(names.Provisioner, names.TopologyLabel) });
        return null;
    }

    // Its watch of lvmd breaks off when lvmd ends, also when another lvmd serves in the next moment.
    public string? WhyItEnds(SimulatedNode node, string podUid) =>
        node.State.Current.NodePlugins.Values.FirstOrDefault(plugin => plugin.PodUid == podUid) is { } plugin && node.State.Current.Lvmd?.PodUid != plugin.LvmdPodUid
            ? "problem running manager: rpc error: code = Unavailable desc = error reading from server: EOF" : null;

    // The registrar beside it goes on: the kubelet still knows the driver.
    public void Exit(SimulatedNode node, string podUid)
    {
        foreach (var group in node.State.Current.NodePlugins.Where(plugin => plugin.Value.PodUid == podUid).Select(plugin => plugin.Key).ToArray())
            node.Change(state => state with { NodePlugins = state.NodePlugins.Remove(group) });
        node.Change(state => state.Lvmd?.PodUid == podUid ? state with { Lvmd = null } : state);
    }

    public void Stop(SimulatedNode node, string podUid)
    {
        if (_registered.Remove(podUid, out var driver)) node.Change(state => state with { CsiDrivers = state.CsiDrivers.Remove(driver) });
        Exit(node, podUid);
    }

    // The kubelet sees the socket only under its own directory, which differs between distributions.
    private static bool IsRegistered(ContainerStart start, TopoLvmNames names)
    {
        var socket = $"--kubelet-registration-path={start.Node.Scenario.KubeletDirectory}/plugins/{names.Provisioner}/";
        return start.Pod.Json.Objects("spec", "containers").SelectMany(container => container.Texts("command").Concat(container.Texts("args")))
            .Any(argument => argument.StartsWith(socket, StringComparison.Ordinal));
    }
}
