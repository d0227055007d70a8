using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>Sites for load: as many edge nodes and volumes as asked for.</summary>
internal static class LargeSite
{
    private const int Namespaces = 50;

    public static ImmutableArray<NodeScenario> Nodes(int edgeNodes) => [SuperEdgeSite.Master, .. Enumerable.Range(1, edgeNodes).Select(SuperEdgeSite.LargeSiteNode)];

    public static Scenario InUse(int edgeNodes, int volumes) =>
        new($"large-{edgeNodes}-{volumes}", Scenario.WithVolumes(Nodes(edgeNodes), Volumes(edgeNodes, volumes)))
        {
            Standing = new InstallSpec(),
            Objects = [.. Enumerable.Range(0, Namespaces).Select(number => DemoWorkloads.Namespace(NamespaceOf(number)))],
            Volumes = () => Volumes(edgeNodes, volumes),
            Pods = pods => Volumes(edgeNodes, volumes).Select(volume => pods.Running(PodOf(volume), NodeOf(volume))),
        };

    private static IEnumerable<StandingVolume> Volumes(int edgeNodes, int volumes) => Enumerable.Range(0, volumes)
        .Select(number => new StandingVolume(NamespaceOf(number), $"data-{number:00000}", SuperEdgeSite.LargeSiteNode(1 + (number % edgeNodes)).Name, $"{1 + (number % 20)}Gi"));

    private static string NamespaceOf(int number) => $"team-{number % Namespaces:00}";

    private static NodeScenario NodeOf(StandingVolume volume) => SuperEdgeSite.LargeSiteNode(int.Parse(volume.Node.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture));

    private static KubeObject PodOf(StandingVolume volume) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["namespace"] = volume.Namespace, ["name"] = "app-" + volume.Claim[5..], ["labels"] = new JsonObject { ["app"] = "app" } },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "app",
                ["image"] = "registry.local/app:1.0",
                ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = "/data" }),
            }),
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = volume.Claim } }),
        },
    });
}
