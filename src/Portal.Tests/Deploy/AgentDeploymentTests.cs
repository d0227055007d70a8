using System.Diagnostics;
using Portal.Agent;
using Portal.Core.Agents;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Deploy;

/// <summary>What <c>deploy/agent</c> holds, as somebody applies it to a cluster.</summary>
public sealed class AgentDeploymentTests(RealTestCluster cluster) : ClusterTest(cluster), IClassFixture<RealTestCluster>
{
    private static readonly KubeKind<KubeObject> Sets = new("apps", "v1", "daemonsets", "DaemonSet", true, KubeJson.Of<KubeObject>());

    private static readonly KubeKind<KubeObject> Pods = new("", "v1", "pods", "Pod", true, KubeJson.Of<KubeObject>());

    private static string Folder => Path.Combine(Repository.Root, "deploy", "agent");

    [Fact]
    public async Task The_agent_runs_on_every_node_labelled_or_not_tainted_or_not()
    {
        await using var life = SimulatedLife.Start(Cluster.Connection, Scenario.Bare.Nodes, new LifeOptions { PlaysControlPlane = false });
        await life.WhenRegisteredAsync(Cancel);

        await KubectlAsync("apply", "-k", Path.Combine(Folder, "base"));

        var online = life.Nodes.Where(node => node.State.Current.IsOnline).Select(node => node.Name).ToArray();
        await Eventually.PassesAsync(async () =>
        {
            var pods = (await Admin.ListAsync(Pod.Kind, new ListQuery { Namespace = AgentContract.Namespace }, Cancel)).Items;
            Assert.Equal(life.Nodes.Select(node => node.Name).Order(), pods.Select(pod => pod.Spec.NodeName).Order());
            Assert.Equal(online.Order(), pods.Where(pod => pod.IsReady).Select(pod => pod.Spec.NodeName).Order());
        }, Cancel);
        var pod = (await Admin.ListAsync(Pods, new ListQuery { Namespace = AgentContract.Namespace }, Cancel)).Items[0];
        var token = pod.Json["spec"]!["volumes"]!.AsArray().Single(volume => volume!["projected"] is not null)!["projected"]!["sources"]![0]!["serviceAccountToken"]!;
        Assert.Equal((AgentContract.Audience, AgentContract.ServiceAccount), ((string?)token["audience"], (string?)pod.Json["spec"]!["serviceAccountName"]));
        // No other token is there: this one says who the agent is, and opens nothing.
        Assert.DoesNotContain(pod.Json["spec"]!["volumes"]!.AsArray(), volume => volume!["name"]!.GetValue<string>().StartsWith("kube-api-access", StringComparison.Ordinal) || volume["secret"] is not null);
    }

    [Fact]
    public async Task The_agent_understands_the_words_it_is_started_with()
    {
        await KubectlAsync("apply", "-k", Path.Combine(Folder, "base"));
        var set = await Admin.GetAsync(Sets, new(AgentContract.Namespace, "topolvm-portal-agent"), Cancel);
        var container = set.Json["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var words = container["args"]!.AsArray().Select(word => word!.GetValue<string>()
            .Replace("$(PORTAL_URL)", "https://topolvm-portal.example:8443/", StringComparison.Ordinal).Replace("$(NODE_NAME)", "edge-1", StringComparison.Ordinal)).ToArray();

        var inPod = CommandLine.Parse(words.AsSpan(1));
        var onHost = CommandLine.Parse(await UnitWordsAsync());

        Assert.Equal(("run", null, true), (words[0], inPod.Problem, inPod.Options.HostNamespace));
        Assert.Equal((null, false), (onHost.Problem, onHost.Options.HostNamespace));
        Assert.All([inPod.Options, onHost.Options], options => Assert.Equal(("https://topolvm-portal.example:8443/", "edge-1"), (options.Portal?.ToString(), options.Node)));
        var mounts = container["volumeMounts"]!.AsArray().Select(mount => mount!["mountPath"]!.GetValue<string>()).ToArray();
        Assert.All([inPod.Options.StateDirectory, inPod.Options.LoopDirectory, inPod.Options.TokenFile, inPod.Options.AuthorityFile!],
            path => Assert.Contains(mounts, mount => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)));
    }

    /// <summary>The unit's ExecStart without program and command, with its example of an environment filled in.</summary>
    private static async Task<string[]> UnitWordsAsync()
    {
        var unit = await File.ReadAllLinesAsync(Path.Combine(Folder, "systemd", "topolvm-portal-agent.service"), Cancel);
        var line = unit.Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        foreach (var setting in await File.ReadAllLinesAsync(Path.Combine(Folder, "systemd", "agent.env.example"), Cancel))
        {
            var (name, value) = setting.Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException(setting);
            line = line.Replace("${" + name + "}", value, StringComparison.Ordinal);
        }
        return line.Split(' ')[2..];
    }

    private async Task KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", Cluster.KubeconfigPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync(Cancel);
        await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await complaints);
    }
}
