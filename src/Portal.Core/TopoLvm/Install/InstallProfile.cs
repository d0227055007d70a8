using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Portal.Core.TopoLvm.Install;

// What is installed is data: the YAML under Manifests/<profile>/, one multi-document text per profile, and profile.yaml
// with what the engine must know about it. A custom profile is a copy of one of these with other YAML.

/// <summary>A version of TopoLVM as it can be installed.</summary>
public sealed record InstallProfile
{
    /// <summary>The profiles that come with the portal.</summary>
    public static readonly ImmutableArray<InstallProfile> BuiltIn =
        [.. new[] { "superedge-0.10.0", "upstream-0.41.0", "upstream-0.41.0-legacy" }.Select(Load)];

    public required string Id { get; init; }
    public required string TopoLvmVersion { get; init; }
    public required TopoLvmNames Names { get; init; }

    /// <summary>The image of every container, with its registry.</summary>
    public required string Image { get; init; }

    /// <summary>The versions of Kubernetes this one is made for, as "1.19"; others may work, and preflight says so.</summary>
    public required KubernetesRange Kubernetes { get; init; }

    public required int Replicas { get; init; }
    public required int SpareGb { get; init; }

    /// <summary>The controller runs on control-plane nodes only.</summary>
    public required bool ControllerOnControlPlane { get; init; }

    /// <summary>The API version of CSIStorageCapacity that its csi-provisioner writes.</summary>
    public required string CapacityApi { get; init; }

    /// <summary>The controller serves webhooks in every scheduling mode, not with the extender alone.</summary>
    public required bool AlwaysWebhook { get; init; }

    public required string WebhookSecret { get; init; }
    public required ImmutableArray<string> FileSystems { get; init; }
    public required string LvmdConfigMap { get; init; }
    public required string SchedulerConfigMap { get; init; }

    /// <summary>The manifests as a person may edit them; see <see cref="ManifestTemplate"/> for what they may say.</summary>
    public required string Manifests { get; init; }

    /// <summary>True for the current programs run with the old group.</summary>
    public bool IsLegacyMode => Names == TopoLvmNames.Legacy && TopoLvmVersion != "0.10.0";

    /// <summary>A built-in profile, or null.</summary>
    public static InstallProfile? Find(string id) => BuiltIn.FirstOrDefault(profile => profile.Id == id);

    /// <summary>The profile made for a version of Kubernetes, or the nearest: SuperEdge's for older ones, the current one for newer.</summary>
    public static InstallProfile RecommendedFor(ServerVersion version) =>
        BuiltIn.FirstOrDefault(profile => profile.Kubernetes.Holds(version))
        ?? BuiltIn.First(profile => version.IsAtLeast(1, 27) == (profile.Names == TopoLvmNames.Current));

    private static InstallProfile Load(string id)
    {
#pragma warning disable IL3050 // The agent, which is compiled ahead of time, installs nothing.
        var file = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
            .Deserialize<ProfileFile>(Read($"Manifests/{id}/profile.yaml"));
#pragma warning restore IL3050
        var prefix = $"Manifests/{file.Manifests}/";
        var parts = typeof(InstallProfile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !name.EndsWith("/profile.yaml", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(Read);
        return new()
        {
            Id = file.Id,
            TopoLvmVersion = file.TopolvmVersion,
            Names = TopoLvmNames.All.First(names => names.Group == file.Group),
            Image = file.Image,
            Kubernetes = new(KubernetesMinor.Parse(file.Kubernetes["from"]), KubernetesMinor.Parse(file.Kubernetes["to"])),
            Replicas = file.Replicas,
            SpareGb = file.SpareGb,
            ControllerOnControlPlane = file.ControllerOnControlPlane,
            CapacityApi = file.CapacityApi,
            AlwaysWebhook = file.Webhook == "always",
            WebhookSecret = file.WebhookSecret,
            FileSystems = [.. file.FileSystems],
            LvmdConfigMap = file.LvmdConfigMap,
            SchedulerConfigMap = file.SchedulerConfigMap,
            Manifests = string.Join("---\n", parts),
        };
    }

    private static string Read(string name)
    {
        using var stream = typeof(InstallProfile).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException("no resource " + name);
        return new StreamReader(stream).ReadToEnd();
    }

    /// <summary>profile.yaml.</summary>
    private sealed class ProfileFile
    {
        public string Id { get; set; } = "";
        public string TopolvmVersion { get; set; } = "";
        public string Group { get; set; } = "";
        public string Image { get; set; } = "";
        public Dictionary<string, string> Kubernetes { get; set; } = [];
        public int Replicas { get; set; }
        public int SpareGb { get; set; }
        public bool ControllerOnControlPlane { get; set; }
        public string CapacityApi { get; set; } = "";
        public string Webhook { get; set; } = "";
        public string WebhookSecret { get; set; } = "";
        public List<string> FileSystems { get; set; } = [];
        public string LvmdConfigMap { get; set; } = "";
        public string SchedulerConfigMap { get; set; } = "";
        public string Manifests { get; set; } = "";
    }
}

/// <summary>A minor version of Kubernetes: 1.20.</summary>
public readonly record struct KubernetesMinor(int Major, int Minor)
{
    public static KubernetesMinor Parse(string text)
    {
        var parts = text.Split('.');
        return new(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>Both ends included.</summary>
public sealed record KubernetesRange(KubernetesMinor From, KubernetesMinor To)
{
    public bool Holds(ServerVersion version) => version.IsAtLeast(From.Major, From.Minor) && !version.IsAtLeast(To.Major, To.Minor + 1);
}
