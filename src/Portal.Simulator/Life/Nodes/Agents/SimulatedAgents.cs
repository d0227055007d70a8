using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portal.Agent;
using Portal.Agent.Link;
using Portal.Core.Agents;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>The agents of the simulated nodes. The DaemonSet and its pods are the cluster's; in each pod the real agent runs in this process, with a
/// token as the kubelet projects it, for as long as its node is online.</summary>
public sealed partial class SimulatedAgents : IAsyncDisposable
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RenewAfter = TokenLifetime * 0.8;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster;
    private readonly Uri _portal;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly KubeClient _client;
    private readonly CancellationTokenSource _end = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("topolvm-portal-agents-");
    private readonly Task _running;

    private SimulatedAgents(SimulatedCluster cluster, Uri portal, TimeProvider time, ILoggerFactory loggers)
    {
        (_cluster, _portal, _time, _loggers, _logger, _client) = (cluster, portal, time, loggers, loggers.CreateLogger<SimulatedAgents>(), new KubeClient(cluster.Connection));
        _running = Task.WhenAll(cluster.Nodes.Select(node => KeepRunningAsync(node, _end.Token)));
    }

    /// <summary>Installs the agents in the cluster, and runs them against the portal at an address.</summary>
    public static async Task<SimulatedAgents> StartAsync(SimulatedCluster cluster, Uri portal, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        using var client = new KubeClient(cluster.Connection);
        var api = await client.DiscoverAsync(cancel);
        foreach (var json in Documents)
        {
            var document = new KubeObject(JsonNode.Parse(json)!.AsObject());
            await client.ApplyAsync(api.Find(document.ApiVersion, document.Kind)!, document, WriteOptions.Default, cancel);
        }
        return new(cluster, portal, time, loggers);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _client.Dispose();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task KeepRunningAsync(SimulatedNode node, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await RunWhileOnlineAsync(node, cancel);
            }
            catch (OperationCanceledException)
            {
                // The node has gone offline, or all ends.
            }
            catch (Exception failed) when (failed is KubeException or HttpRequestException or IOException)
            {
                LogFailed(node.Name, failed.Message);
            }
            await Task.Delay(RetryAfter, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunWhileOnlineAsync(SimulatedNode node, CancellationToken cancel)
    {
        using var offline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = node.State.Subscribe(() => { if (!node.State.Current.IsOnline) offline.Cancel(); });
        if (!node.State.Current.IsOnline || await PodOnAsync(node.Name, offline.Token) is not { } pod) return;
        var folder = _folder.CreateSubdirectory(node.Name).FullName;
        var link = new LinkOptions(_portal, node.Name, Path.Combine(folder, "token"));
        await WriteTokenAsync(pod, link.TokenFile, offline.Token);
        using var probe = new SimulatedProbe(node, _time) { Mounted = now => _cluster.MountedOn(node.Name, now) };
        var agent = new AgentHost(probe, new AgentOptions { StateDirectory = folder }, link, _time, _loggers);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(offline.Token);
        Task[] work = [agent.RunAsync(done.Token), RenewAsync(pod, link.TokenFile, done.Token)];
        var first = await Task.WhenAny(work);
        await done.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task RenewAsync(Pod pod, string file, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(RenewAfter, _time, cancel);
            await WriteTokenAsync(pod, file, cancel);
        }
    }

    private async Task<Pod?> PodOnAsync(string node, CancellationToken cancel)
    {
        var pods = await _client.ListAsync(Pod.Kind, new ListQuery { Namespace = AgentContract.Namespace, LabelSelector = "app=" + AgentContract.ServiceAccount }, cancel);
        return pods.Items.FirstOrDefault(pod => pod.Spec.NodeName == node && pod.Status.Phase == "Running" && !pod.Metadata.IsBeingDeleted);
    }

    private async Task WriteTokenAsync(Pod pod, string file, CancellationToken cancel)
    {
        var token = await _client.RequestTokenAsync(new(AgentContract.Namespace, AgentContract.ServiceAccount), AgentContract.Audience, TokenLifetime, pod.Metadata, cancel);
        await File.WriteAllTextAsync(file, token.Reveal(), cancel);
    }

    private static readonly string[] Documents =
    [
        $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{AgentContract.Namespace}}" } }""",
        $$"""{ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "namespace": "{{AgentContract.Namespace}}", "name": "{{AgentContract.ServiceAccount}}" } }""",
        $$"""
        {
          "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": { "namespace": "{{AgentContract.Namespace}}", "name": "{{AgentContract.ServiceAccount}}" },
          "spec": {
            "selector": { "matchLabels": { "app": "{{AgentContract.ServiceAccount}}" } },
            "template": {
              "metadata": { "labels": { "app": "{{AgentContract.ServiceAccount}}" } },
              "spec": {
                "serviceAccountName": "{{AgentContract.ServiceAccount}}", "hostPID": true, "tolerations": [ { "operator": "Exists" } ],
                "containers": [ { "name": "agent", "image": "topolvm-portal-agent:0.1.0", "command": [ "topolvm-portal-agent", "run" ] } ]
              }
            }
          }
        }
        """,
    ];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agent of simulated node {Node} does not run: {Problem}")]
    private partial void LogFailed(string node, string problem);
}
