using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Portal.Simulator.Life;

/// <summary>How the life of a cluster is simulated.</summary>
public sealed record LifeOptions
{
    public Pace Pace { get; init; } = Pace.Instant;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>What the site does by itself, and what its nodes did before; null where it begins now.</summary>
    internal MadePast? Past { get; init; }

    /// <summary>False beside a real kube-controller-manager and kube-scheduler, which do that part themselves: only kubelets and TopoLVM live.</summary>
    public bool PlaysControlPlane { get; init; } = true;

    /// <summary>Whether kube-scheduler's configuration names TopoLVM's extender; without it, pods that TopoLVM's webhook marked stay Pending.
    /// A pod of kube-scheduler in kube-system tells by its flags, and then this does not count.</summary>
    public bool SchedulerAsksExtender { get; init; } = true;

    /// <summary>The extender's weight in that configuration: SuperEdge's file says 100.</summary>
    public int ExtenderWeight { get; init; } = 100;
}
