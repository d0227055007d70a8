using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

// One instance plays the kubelets of all simulated nodes. It writes what a kubelet writes and in its words, so it serves
// beside a real kube-apiserver and its controllers as well as in the simulator.

/// <summary>The kubelets of the simulated nodes: they register nodes and CSI drivers and run pods.</summary>
public sealed class Kubelet : Controller
{
    private readonly INodeProgram[] _programs;
    private readonly NodeRegistration _registration;
    private readonly Dictionary<string, PodRun> _runs = [];

    // Nodes on which everything runs as it should, for as long as neither they nor their pods change.
    private readonly Dictionary<string, (NodeState State, ImmutableArray<KubeObject> Pods)> _quiet = [];

    private ImmutableDictionary<ObjectName, KubeObject>? _stoppedFor;

    public Kubelet(LifeContext context, params INodeProgram[] programs) : base("kubelet", context)
    {
        _programs = programs;
        _registration = new NodeRegistration(Context, Writes);
    }

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var node in Context.Nodes.Where(node => !_registration.IsSettled(node)))
            await AttemptAsync("node " + node.Name, () => _registration.ReconcileAsync(node, cancel));
        StopGone();
        var pods = Objects.PodsByNode;
        foreach (var node in Context.Nodes)
        {
            var (state, own) = (node.State.Current, pods.TryGetValue(node.Name, out var group) ? group : []);
            if (!state.IsOnline || (_quiet.TryGetValue(node.Name, out var quiet) && quiet.State == state && quiet.Pods == own)) continue;
            await RunAsync(node, own, cancel);
            if (own.All(pod => _runs.TryGetValue(pod.Metadata.Uid, out var run) && run.Settled == pod)) _quiet[node.Name] = (state, own);
            else _quiet.Remove(node.Name);
        }
    }

    private async Task RunAsync(SimulatedNode node, ImmutableArray<KubeObject> pods, CancellationToken cancel)
    {
        // In the order in which they were made, as a kubelet does: lvmd before what needs it.
        foreach (var pod in pods.OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Name, StringComparer.Ordinal))
            await AttemptAsync("pod " + pod.Metadata.Uid, () => RunAsync(node, pod, cancel));
    }

    // Also a pod that was removed by force while its containers ran.
    private void StopGone()
    {
        var current = Objects.Pods;
        if (ReferenceEquals(current, _stoppedFor)) return;
        _stoppedFor = current;
        foreach (var (uid, run) in _runs.Where(entry => current.GetValueOrDefault(entry.Value.Pod)?.Metadata.Uid != entry.Key).ToArray())
        {
            // A node that is cut off has not heard of it.
            if (Context.FindNode(run.Node) is { State.Current.IsOnline: true } node) Stop(node, uid);
            else _stoppedFor = null;
        }
    }

    private void Stop(SimulatedNode node, string uid)
    {
        foreach (var program in _programs) program.Stop(node, uid);
        node.Logs.Forget(uid);
        _runs.Remove(uid);
    }

    private async Task RunAsync(SimulatedNode node, KubeObject pod, CancellationToken cancel)
    {
        if (pod.Metadata.IsBeingDeleted)
        {
            await EndAsync(node, pod, cancel);
            return;
        }
        if (pod.Json.Text("status", "phase") is "Succeeded" or "Failed") return;
        var run = RunOf(node, pod);
        run.Settled = null;
        if (await WhyWaitingAsync(node, pod, run, cancel) is { } waiting)
        {
            await WriteAsync(node, pod, PodStatus.Waiting(pod, waiting.Reason, waiting.Message, Now), cancel);
            return;
        }
        run.StartedAt ??= Now;
        foreach (var container in pod.Json.Objects("spec", "containers")) Step(node, pod, container, run);
        if (run.Containers.Values.Any(container => container.Crashes > 0))
            await Events.WarningAsync(LifeKinds.Pods, pod, "BackOff", "Back-off restarting failed container", cancel);
        var ends = pod.Json.Text("spec", "restartPolicy") is "Never" or "OnFailure";
        var failed = pod.Json.Text("spec", "restartPolicy") == "Never" && run.Containers.Values.Any(container => container.LastExit is not null);
        var status = failed ? PodStatus.Ended(pod, run, 1, Now)
            : ends && Delays.IsOver("job " + pod.Metadata.Uid, Context.Pace.JobRun)
            ? PodStatus.Ended(pod, run, int.TryParse(pod.Metadata.Annotations.GetValueOrDefault("simulator/exit-code"), out var code) ? code : 0, Now)
            : PodStatus.Running(pod, run, Now);
        var isWritten = await WriteAsync(node, pod, status, cancel);
        if (!isWritten && !ends && run.Containers.Values.All(container => container is { RunningSince: not null, Ready: true })) run.Settled = pod;
    }

    private PodRun RunOf(SimulatedNode node, KubeObject pod)
    {
        if (_runs.TryGetValue(pod.Metadata.Uid, out var run)) return run;
        run = new PodRun(node.Name, pod.Metadata.ObjectName);
        foreach (var container in pod.Json.Objects("spec", "containers"))
        {
            var before = pod.Json.Objects("status", "containerStatuses").FirstOrDefault(status => status.Text("name") == container.Text("name"));
            var found = new ContainerRun { Restarts = before.Number(0, "restartCount"), Ready = before.Flag("ready") };
            if (DateTimeOffset.TryParse(before.Text("state", "running", "startedAt"), CultureInfo.InvariantCulture, out var since)) found.FoundRunningSince = since;
            run.Containers[container.Text("name")] = found;
        }
        // What ran before this kubelet started goes on at once.
        if (run.Containers.Values.All(container => container.FoundRunningSince is not null))
        {
            run.StartedAt = Now;
            PodVolumes.MakeDirectories(node, pod);
        }
        return _runs[pod.Metadata.Uid] = run;
    }

    private async Task<(string Reason, string? Message)?> WhyWaitingAsync(SimulatedNode node, KubeObject pod, PodRun run, CancellationToken cancel)
    {
        if (run.StartedAt is not null) return null;
        if (PodVolumes.WhyNotMounted(node, pod, Objects) is { } problem)
        {
            await Events.WarningAsync(LifeKinds.Pods, pod, "FailedMount", problem, cancel);
            return ("ContainerCreating", null);
        }
        var image = pod.Json.Objects("spec", "containers").Select(container => container.Text("image")).FirstOrDefault(node.State.Current.MissingImages.Contains);
        if (image is not null)
        {
            await Events.WarningAsync(LifeKinds.Pods, pod, "Failed", $"Failed to pull image \"{image}\": rpc error: code = Unknown desc = manifest for {image} not found", cancel);
            return ("ImagePullBackOff", $"Back-off pulling image \"{image}\"");
        }
        // A pod that ran before this kubelet started goes on at once.
        var isNew = pod.Json.Text("status", "phase") != "Running";
        return isNew && !Delays.IsOver("start " + pod.Metadata.Uid, Context.Pace.PodStart) ? ("ContainerCreating", null) : null;
    }

    private void Step(SimulatedNode node, KubeObject pod, JsonObject container, PodRun run)
    {
        var start = new ContainerStart(node, pod, container, Objects);
        var thing = pod.Metadata.Uid + " " + container.Text("name");
        var state = run.Containers[container.Text("name")];
        var program = _programs.FirstOrDefault(program => program.Is(start.CommandLine.FirstOrDefault("").Split('/')[^1]));
        if (state.RunningSince is null)
        {
            StartContainer(program, start, state, thing);
        }
        else if (program?.WhyItEnds(node, pod.Metadata.Uid) is { } words)
        {
            program.Exit(node, pod.Metadata.Uid);
            Crash(start, state, thing, words);
        }
        if (state.RunningSince is not null && !state.Ready)
            state.Ready = container["readinessProbe"] is null || Delays.IsOver("ready " + thing, Context.Pace.Readiness);
    }

    private void StartContainer(INodeProgram? program, ContainerStart start, ContainerRun state, string thing)
    {
        if (state.Crashes > 0 && !Delays.IsOver($"crash {state.Crashes} {thing}", Context.Pace.BackOffAfter(state.Crashes))) return;
        if (state.LastExit is not null) state.Restarts++;
        start.Node.Logs.Begin(start.Pod.Metadata.Uid, start.Container.Text("name"));
        if (program?.Start(start) is { } words) Crash(start, state, thing, words);
        else (state.RunningSince, state.Crashes) = (state.FoundRunningSince ?? Now, 0);
        state.FoundRunningSince = null;
    }

    private void Crash(ContainerStart start, ContainerRun state, string thing, string words)
    {
        start.Say("Error: " + words);
        (state.RunningSince, state.Ready, state.LastWords, state.LastExit) = (null, false, words, Now);
        state.Crashes++;
        // Asks at once, so that this pass knows when the next attempt is due.
        Delays.IsOver($"crash {state.Crashes} {thing}", Context.Pace.BackOffAfter(state.Crashes));
    }

    private async Task EndAsync(SimulatedNode node, KubeObject pod, CancellationToken cancel)
    {
        if (!Delays.IsOver("stop " + pod.Metadata.Uid, Context.Pace.PodStop) || PodVolumes.IsStuck(node, pod, Objects)) return;
        Stop(node, pod.Metadata.Uid);
        await Client.DeleteAsync(LifeKinds.Pods, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid, GracePeriodSeconds = 0 }, cancel);
    }

    /// <summary>False when the API tells the same already.</summary>
    private async Task<bool> WriteAsync(SimulatedNode node, KubeObject pod, JsonObject status, CancellationToken cancel)
    {
        PodStatus.PutAddresses(status, node.Scenario, pod);
        if (status.IsContainedIn(pod.Json["status"])) return false;
        var patch = Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid }, ["status"] = status }.ToJsonString());
        await Client.PatchAsync(LifeKinds.Pods, pod.Metadata.ObjectName, patch, Writes, cancel, "status");
        return true;
    }
}
