using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>What the kubelet remembers of a pod that it runs.</summary>
internal sealed class PodRun(string node, ObjectName pod)
{
    public string Node { get; } = node;

    public ObjectName Pod { get; } = pod;

    /// <summary>The pod as it was when there was nothing to do for it; null while there is.</summary>
    public KubeObject? Settled { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public Dictionary<string, ContainerRun> Containers { get; } = [];
}

/// <summary>What the kubelet remembers of a container.</summary>
internal sealed class ContainerRun
{
    public DateTimeOffset? RunningSince { get; set; }

    /// <summary>Since when it had been running before this kubelet started; null when it had not.</summary>
    public DateTimeOffset? FoundRunningSince { get; set; }

    public bool Ready { get; set; }

    public int Restarts { get; set; }

    /// <summary>Crashes in a row: they lengthen the back-off.</summary>
    public int Crashes { get; set; }

    /// <summary>What the program said before it exited; null when it never did.</summary>
    public string? LastWords { get; set; }

    public DateTimeOffset? LastExit { get; set; }
}
