using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Life.Volumes;
using Portal.Simulator.Life.Workloads;

namespace Portal.Simulator.Life;

/// <summary>The behaviours that make a cluster of simulated nodes live, through nothing but its API: the server may be the simulated one or a
/// real kube-apiserver.</summary>
public sealed class SimulatedLife : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly KubeClient _client;
    private readonly ClusterObjects _objects;
    private readonly Task _running;

    private SimulatedLife(KubeClient client, ImmutableArray<SimulatedNode> nodes, LifeOptions options)
    {
        _client = client;
        Nodes = nodes;
        _objects = new ClusterObjects(client, options.Time, options.Log) { Course = options.Past?.Course };
        var context = new LifeContext(client, _objects, nodes, options.Pace, options.Time, options.Log);
        Controller[] behaviours = options.PlaysControlPlane ? [.. NodesAndTopoLvm(context), .. ControlPlane(context, options)] : NodesAndTopoLvm(context);
        if (options.Past is { } past) behaviours = [.. behaviours, new Growth(context, past.Course)];
        _running = Task.WhenAll([_objects.RunAsync(_end.Token), .. behaviours.Select(behaviour => behaviour.RunAsync(_end.Token))]);
    }

    public ImmutableArray<SimulatedNode> Nodes { get; }

    /// <summary>Throws <see cref="ArgumentException"/> when there is no such node.</summary>
    public SimulatedNode Node(string name) =>
        Nodes.FirstOrDefault(node => node.Name == name) ?? throw new ArgumentException($"The scenario has no node {name}.", nameof(name));

    /// <summary>Starts the behaviours; they register their nodes as soon as the server answers.</summary>
    public static SimulatedLife Start(KubeConnection connection, IEnumerable<NodeScenario> nodes, LifeOptions options) =>
        new(new KubeClient(connection), [.. nodes.Select(node => new SimulatedNode(node) { Kernel = options.Past?.KernelOf(node.Name) ?? new() })], options);

    /// <summary>Waits until every node has said what it is.</summary>
    public async Task WhenRegisteredAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Subscribe before reading, or a change between the two is lost.
        using var subscription = _objects.Subscribe(() => { if (AreRegistered()) done.TrySetResult(); });
        if (AreRegistered()) return;
        await Task.WhenAny(done.Task, _running).WaitAsync(cancel);
        if (_running.IsFaulted) await _running;
    }

    /// <summary>Lets the nodes answer what a simulated API server passes on to them.</summary>
    internal void ServeThrough(Api.ProxyHandlers handlers) => new NodeEndpoints(_objects, Nodes, TimeProvider.System).Serve(handlers);

    /// <summary>How full the file systems are that the pods of a node have mounted.</summary>
    internal IEnumerable<(string LogicalVolume, VolumeUsage Usage)> MountedOn(string node, DateTimeOffset now) => MountedVolumes.On(node, _objects, now);

    private bool AreRegistered() => Nodes.All(node =>
        _objects.Nodes.GetValueOrDefault(new(null, node.Name))?.Json.Objects("status", "conditions").Any() == true);

    private static Controller[] NodesAndTopoLvm(LifeContext context) =>
    [
        new Kubelet(context, new LvmdProgram(), new NodePluginProgram(), new ExtenderProgram(), new VerificationProgram(context.Time)),
        new NodePluginController(context), new Provisioner(context), new CapacityPublisher(context), new Resizer(context), new Finalizers(context),
        new Snapshotter(context), new SnapshotController(context),
    ];

    private static Controller[] ControlPlane(LifeContext context, LifeOptions options) =>
    [
        new NodeLifecycle(context), new DaemonSetController(context), new DeploymentController(context), new ReplicaSetController(context),
        new Scheduler(context, options.SchedulerAsksExtender, options.ExtenderWeight), new ClaimBinder(context), new StorageProtection(context),
    ];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // Our own.
        }
        _end.Dispose();
        _client.Dispose();
    }
}
