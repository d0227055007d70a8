using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>kube-scheduler's own configuration that makes it ask TopoLVM's extender: the form, and the file that comes of it.</summary>
public sealed partial record SchedulerConfiguration
{
    /// <summary>What SuperEdge's file has: there TopoLVM's word outdoes every other.</summary>
    public const int SuperEdgeWeight = 100;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public required SchedulerConfigurationFormat Format { get; init; }

    /// <summary>Where the file lies on each control-plane node.</summary>
    public required string Path { get; init; }

    public int Weight { get; init; } = 1;
    public string UrlPrefix { get; init; } = "http://127.0.0.1:9251";

    /// <summary>The resource by which TopoLVM's webhook marks pods.</summary>
    public required string ManagedResource { get; init; }

    /// <summary>No node offers the resource, so kube-scheduler must not look for it.</summary>
    public bool IgnoredByScheduler { get; init; } = true;

    /// <summary>kube-scheduler's credentials; a Policy does not name them.</summary>
    public string Kubeconfig { get; init; } = "/etc/kubernetes/scheduler.conf";

    public bool LeaderElect { get; init; } = true;

    public static SchedulerConfiguration For(SchedulerConfigurationFormat format, TopoLvmNames names) => new()
    {
        Format = format,
        Path = format.DefaultPath,
        ManagedResource = names.CapacityResource,
        Weight = names == TopoLvmNames.Legacy ? SuperEdgeWeight : 1,
    };

    /// <summary>What cannot be taken as it is, by the name of the property.</summary>
    public ImmutableArray<OptionsFieldProblem> Check()
    {
        var problems = ImmutableArray.CreateBuilder<OptionsFieldProblem>();
        if (Weight is < 1 or > 1_000_000) problems.Add(new(nameof(Weight), SchedulingTexts.BadWeight(Weight)));
        if (!IsPrefix(UrlPrefix)) problems.Add(new(nameof(UrlPrefix), SchedulingTexts.BadUrlPrefix(UrlPrefix)));
        if (!ResourceName().IsMatch(ManagedResource)) problems.Add(new(nameof(ManagedResource), SchedulingTexts.BadManagedResource(ManagedResource)));
        if (!FilePath().IsMatch(Path)) problems.Add(new(nameof(Path), SchedulingTexts.BadPath(Path)));
        if (!Format.IsPolicy && !FilePath().IsMatch(Kubeconfig)) problems.Add(new(nameof(Kubeconfig), SchedulingTexts.BadPath(Kubeconfig)));
        return problems.ToImmutable();
    }

    /// <summary>The file, ending in a line break.</summary>
    public string ToText() => Format.IsPolicy ? Policy().ToJsonString(Indented) + "\n" : YamlText.Write(Configuration());

    private JsonObject Policy() => new() { ["kind"] = "Policy", ["apiVersion"] = Format.ApiVersion, ["extenders"] = new JsonArray(Extender()) };

    private JsonObject Configuration() => new()
    {
        ["apiVersion"] = Format.ApiVersion,
        ["kind"] = "KubeSchedulerConfiguration",
        ["leaderElection"] = new JsonObject { ["leaderElect"] = LeaderElect },
        ["clientConnection"] = new JsonObject { ["kubeconfig"] = Kubeconfig },
        ["extenders"] = new JsonArray(Extender()),
    };

    private JsonObject Extender() => new()
    {
        ["urlPrefix"] = UrlPrefix,
        ["filterVerb"] = "predicate",
        ["prioritizeVerb"] = "prioritize",
        ["nodeCacheCapable"] = false,
        ["weight"] = Weight,
        ["managedResources"] = new JsonArray(new JsonObject { ["name"] = ManagedResource, ["ignoredByScheduler"] = IgnoredByScheduler }),
    };

    private static bool IsPrefix(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.Query.Length == 0 && url.Fragment.Length == 0 && !text.EndsWith('/');

    [GeneratedRegex(@"^(?=.{1,253}/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex ResourceName();

    // Absolute, and safe to write into a command line and a manifest as it is.
    [GeneratedRegex(@"^(/[A-Za-z0-9_][A-Za-z0-9_.+-]*){2,}$")]
    private static partial Regex FilePath();
}
