using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>A form in which kube-scheduler can be told of an extender, and the Kubernetes releases that read it.</summary>
/// <param name="Id">"policy", or the version of kubescheduler.config.k8s.io.</param>
/// <param name="Last">The last minor release of 1.x that reads it; null while none has dropped it.</param>
public sealed record SchedulerConfigurationFormat(string Id, int First, int? Last)
{
    /// <summary>The Policy file of SuperEdge's guide.</summary>
    public static readonly SchedulerConfigurationFormat Policy = new("policy", 0, 22);

    /// <summary>Every form, the newest first; the Policy comes last because releases that read both have dropped it first.</summary>
    public static readonly ImmutableArray<SchedulerConfigurationFormat> All =
        [new("v1", 25, null), new("v1beta3", 23, 28), new("v1beta2", 22, 27), new("v1beta1", 19, 22), Policy];

    public bool IsPolicy => this == Policy;

    /// <summary>As the file names it.</summary>
    public string ApiVersion => IsPolicy ? "v1" : "kubescheduler.config.k8s.io/" + Id;

    /// <summary>kube-scheduler's flag that names the file.</summary>
    public string Flag => IsPolicy ? "--policy-config-file" : "--config";

    /// <summary>Where SuperEdge keeps such files on its masters.</summary>
    public string DefaultPath => "/etc/kubernetes/kube-scheduler/" + (IsPolicy ? "kube-scheduler-policy.cfg" : "kube-scheduler-config.yaml");

    /// <summary>What Kubernetes 1.<paramref name="minor"/> reads, the newest form first: that one to prefer.</summary>
    public static ImmutableArray<SchedulerConfigurationFormat> ReadBy(int minor) =>
        [.. All.Where(format => minor >= format.First && (format.Last is not { } last || minor <= last))];

    public static SchedulerConfigurationFormat? Find(string? id) => All.FirstOrDefault(format => format.Id == id);
}
