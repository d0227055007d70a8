using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Pages.Scheduling;

/// <summary>The form for kube-scheduler's configuration, as the URL keeps it: what is left out has the usual value of the chosen format.</summary>
public sealed record ConfigurationForm
{
    public string? Format { get; init; }
    public int? Weight { get; init; }
    public string? Url { get; init; }
    public string? Resource { get; init; }
    public string? Path { get; init; }
    public string? Kubeconfig { get; init; }
    public bool LooksForResource { get; init; }
    public bool IsAlone { get; init; }

    /// <summary>The format that was chosen, else what kube-scheduler uses already where this release still reads it, else the newest.</summary>
    public SchedulerConfigurationFormat FormatOn(ServerVersion version, bool hasPolicy)
    {
        var read = SchedulerConfigurationFormat.ReadBy(version.Minor);
        return read.FirstOrDefault(format => format.Id == Format) ?? read.FirstOrDefault(format => hasPolicy && format.IsPolicy) ?? read[0];
    }

    public SchedulerConfiguration ToConfiguration(SchedulerConfigurationFormat format, TopoLvmNames names)
    {
        var usual = SchedulerConfiguration.For(format, names);
        return usual with
        {
            Weight = Weight ?? usual.Weight,
            UrlPrefix = Url ?? usual.UrlPrefix,
            ManagedResource = Resource ?? usual.ManagedResource,
            Path = Path ?? usual.Path,
            Kubeconfig = Kubeconfig ?? usual.Kubeconfig,
            IgnoredByScheduler = !LooksForResource,
            LeaderElect = !IsAlone,
        };
    }

    /// <summary>The parameters of the URL; null takes one away.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["format"] = Format,
        ["extenderWeight"] = Weight,
        ["extender"] = Url,
        ["resource"] = Resource,
        ["path"] = Path,
        ["kubeconfig"] = Kubeconfig,
        ["looksForResource"] = LooksForResource ? true : null,
        ["alone"] = IsAlone ? true : null,
    };
}
