using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Api;
using Portal.Simulator.Life;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Life.Workloads;

namespace Portal.Simulator.Scenarios;

// A cluster that has been in use for long is not played from its beginning: its objects are put into the store as the
// behaviours would have left them, by the same methods, so that they find nothing to do.

/// <summary>Puts nodes, volumes and pods into a cluster as if TopoLVM had been running there for long.</summary>
internal sealed class StandingCluster(SimulatedApiServer server, KubeClient client, Scenario scenario, TimeProvider time)
{
    private static readonly TimeSpan RunningFor = TimeSpan.FromHours(3);

    public async Task SeedAsync(CancellationToken cancel)
    {
        var sets = (await client.ListAsync(LifeKinds.DaemonSets, ListQuery.All, cancel)).Items;
        var deployments = (await client.ListAsync(LifeKinds.Deployments, ListQuery.All, cancel)).Items;
        var maps = (await client.ListAsync(LifeKinds.ConfigMaps, ListQuery.All, cancel)).Items.ToDictionary(map => map.Metadata.ObjectName);
        var version = (await client.DiscoverAsync(cancel)).Version.GitVersion;
        var plugin = sets.First(set => Container(set, "topolvm-node") is not null);
        var lvmds = sets.Where(set => Container(set, "lvmd") is not null).ToArray();
        var nodes = scenario.Nodes.Select(node => (Scenario: node, Document: NodeDocuments.Node(node))).ToArray();
        var names = NamesOf(Container(plugin, "topolvm-node")!);
        server.Seed(nodes.SelectMany(node =>
        {
            var file = Allows(plugin, node.Document) && lvmds.FirstOrDefault(set => Allows(set, node.Document)) is { } set ? FileOf(set, maps) : null;
            return NodeObjects(node.Scenario, node.Document, version, names, file);
        }));
        server.Seed(scenario.Volumes().SelectMany(volume => volume.Documents(names).Select(document => MadeAt(document, volume.MadeDaysAgo))));
        var pods = new StandingPods(nodes, time.GetUtcNow() - RunningFor);
        server.Seed(sets.SelectMany(pods.OfDaemonSet));
        server.Seed(deployments.SelectMany(deployment => HomeOf(deployment) is (true, var home) ? pods.OfDeployment(deployment, home) : []));
        server.Seed(scenario.Pods(pods));
    }

    private KubeObject MadeAt(KubeObject document, double? daysAgo)
    {
        if (daysAgo is { } days) document.Json["metadata"]!["creationTimestamp"] = (time.GetUtcNow() - TimeSpan.FromDays(days)).Timestamp();
        return document;
    }

    private IEnumerable<KubeObject> NodeObjects(NodeScenario node, KubeObject document, string version, TopoLvmNames names, (string Text, Version Version)? file)
    {
        var metadata = document.Json["metadata"]!.AsObject();
        metadata["uid"] = Guid.NewGuid().ToString();
        document.Json["status"] = NodeDocuments.Status(node, version, node.OfflineFor is null, time.GetUtcNow() - RunningFor);
        var drivers = new Dictionary<string, string>();
        if (file is { } read && LvmdFile.Read(read.Text, read.Version).Configuration is { } configuration)
        {
            var lvmd = new RunningLvmd("", read.Version, configuration, System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty).LookAt(new SimulatedNode(node).State.Current.Storage);
            metadata["annotations"] = new JsonObject(lvmd.Free.Select(free => KeyValuePair.Create(names.CapacityAnnotationPrefix + (free.Key.Length == 0 ? TopoLvmNames.DefaultClass : free.Key),
                (JsonNode?)free.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))));
            metadata["finalizers"] = new JsonArray(names.NodeFinalizer);
            metadata["labels"]![names.TopologyLabel] = node.Name;
            drivers[names.Provisioner] = names.TopologyLabel;
        }
        yield return document;
        yield return NodeDocuments.CsiNode(node.Name, (string)metadata["uid"]!, NodeDocuments.Drivers(node.Name, drivers));
    }

    /// <summary>Whether a Deployment's pods stand already, and on which node its volumes hold them: not where a claim of theirs is still to be made.</summary>
    private (bool Stands, string? Home) HomeOf(KubeObject deployment)
    {
        var claims = deployment.Json["spec"].At("template", "spec").Objects("volumes").Select(volume => volume.Text("persistentVolumeClaim", "claimName")).Where(claim => claim.Length > 0).ToArray();
        if (claims.Length == 0) return (true, null);
        var volume = scenario.Volumes().FirstOrDefault(volume => volume.Namespace == deployment.Namespace && volume.Claim == claims[0] && volume.Parts == StandingParts.All);
        return (volume is not null, volume?.Node);
    }

    private static JsonObject? Container(KubeObject workload, string executable) =>
        workload.Json["spec"].At("template", "spec").Objects("containers").FirstOrDefault(container => RunningController.Executable(container) == executable);

    private static bool Allows(KubeObject set, KubeObject node) => NodeFit.WhyNot(DaemonSetController.WithOwnTolerations(set.Json["spec"].At("template", "spec")), node) is null;

    private static TopoLvmNames NamesOf(JsonObject container) =>
        TopoLvmVersion.NamesOf(VersionOf(container), container.Objects("env").Any(variable => variable.Text("name") == "USE_LEGACY"));

    private static Version VersionOf(JsonObject container) => TopoLvmVersion.Of(container.Text("image").Split(':')[^1]);

    private static (string Text, Version Version)? FileOf(KubeObject lvmd, Dictionary<ObjectName, KubeObject> maps)
    {
        var map = lvmd.Json["spec"].At("template", "spec").Objects("volumes").Select(volume => volume.Text("configMap", "name")).First(name => name.Length > 0);
        return maps.TryGetValue(new(lvmd.Namespace, map), out var found) ? (found.Json.Text("data", "lvmd.yaml"), VersionOf(Container(lvmd, "lvmd")!)) : null;
    }
}
