using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Portal.Tests.Testing;

/// <summary>A cluster written down as the YAML of its objects.</summary>
public static class ClusterYaml
{
    /// <param name="paths">An object of a later file takes the place of an earlier one; with "absent: true" it takes it away.</param>
    public static ClusterSnapshot Read(params string[] paths)
    {
        var objects = paths.SelectMany(Objects).GroupBy(found => (found.Kind, Group: found.ApiVersion.Split('/')[0], found.Namespace, found.Name)).Select(same => same.Last())
            .Where(found => !found.Json.ContainsKey("absent")).ToLookup(found => (found.Kind, found.ApiVersion.Split('/')[0]));
        return ClusterSnapshot.Empty with
        {
            Nodes = Of(Node.Kind),
            Namespaces = Of(Namespace.Kind),
            Pods = Of(Pod.Kind),
            Deployments = Of(Deployment.Kind),
            DaemonSets = Of(DaemonSet.Kind),
            ConfigMaps = Of(ConfigMap.Kind),
            Webhooks = Of(MutatingWebhookConfiguration.Kind),
            Claims = Of(PersistentVolumeClaim.Kind),
            PersistentVolumes = Of(PersistentVolume.Kind),
            StorageClasses = Of(StorageClass.Kind),
            CsiDrivers = Of(CsiDriver.Kind),
            CsiNodes = Of(CsiNode.Kind),
            ResourceQuotas = Of(ResourceQuota.Kind),
            VolumeSnapshots = Of(VolumeSnapshot.Kind),
            ClaimEvents = Of(Event.Kind, said => said.InvolvedObject.Kind == "PersistentVolumeClaim"),
            PodWarnings = Of(Event.Kind, said => said is { InvolvedObject.Kind: "Pod", Type: "Warning" }),
            Refusals = Of(Event.Kind, said => said.Reason == "FailedCreate"),
            StorageCapacities = Of(CsiStorageCapacity.KindIn("v1")),
            LegacyLogicalVolumes = Of(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group)),
            LogicalVolumes = Of(LogicalVolume.KindIn(TopoLvmNames.Current.Group)),
        };

        KindSnapshot<T> Of<T>(KubeKind<T> kind, Func<T, bool>? which = null) where T : IKubeObject => new(
            objects[(kind.Kind, kind.ApiVersion.Split('/')[0])].Select(found => kind.Read(Encoding.UTF8.GetBytes(found.Json.ToJsonString())))
                .Where(item => which?.Invoke(item) != false)
                .ToImmutableDictionary(item => item.Metadata.ObjectName),
            new Freshness(DateTimeOffset.UnixEpoch, null));
    }

    private static IEnumerable<KubeObject> Objects(string path)
    {
        var parser = new Parser(new StringReader(File.ReadAllText(path)));
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (reader.Deserialize(parser) is { } document) yield return new KubeObject(JsonNode.Parse(writer.Serialize(document))!.AsObject());
        }
    }
}
