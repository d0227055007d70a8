using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.Operations;

// An operation is whatever a person starts: named steps, journalled before their effect, shown live to everyone. Its
// parameters go to the journal; after a restart the steps are planned anew from them and run from the first one, so every
// step looks at the cluster before it acts and does nothing where nothing is left to do.

/// <summary>Something a person starts, planned into steps from its parameters and the cluster.</summary>
public abstract class Operation
{
    /// <summary>A stable word for the journal: "install", "remove".</summary>
    public abstract string Kind { get; }

    public abstract Message Title { get; }

    /// <summary>What it works on, as paths: "volumes/shop/data", "nodes/edge-1", "device-classes". Operations on the same path, or on one above
    /// or below it, do not run at the same time; "" is above everything.</summary>
    public virtual ImmutableArray<string> Subjects => [""];

    /// <summary>The parameters as JSON, from which the same operation can be made again after a restart. No secrets.</summary>
    public abstract string ToJson();

    /// <summary>The steps, in order. Step ids are stable: the same parameters on the same cluster give the same ids.</summary>
    public abstract Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel);
}

/// <summary>One step: what a person reads, and what is done. It is idempotent and throws <see cref="OperationFailedException"/> for a failure it can explain.</summary>
public sealed record OperationStep(string Id, Message Title, Func<StepRun, CancellationToken, Task> RunAsync);

/// <summary>What operations work on.</summary>
public sealed record OperationContext(KubeClient Client, Live<ClusterSnapshot> Cluster, TimeProvider Time)
{
    /// <summary>The way to the nodes themselves.</summary>
    public AgentRegistry Agents { get; init; } = new(Time);
}

/// <summary>A failure that a person can act on: the sentence says what happened and what to do next.</summary>
public class OperationFailedException(Message problem) : Exception(problem.English)
{
    public Message Problem { get; } = problem;
}
