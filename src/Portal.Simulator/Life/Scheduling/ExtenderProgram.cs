using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.TopoLvm;
using YamlDotNet.RepresentationModel;
using YamlException = YamlDotNet.Core.YamlException;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>topolvm-scheduler: it reads its options once, when it starts, and ends when it cannot use them.</summary>
public sealed class ExtenderProgram : INodeProgram
{
    private const string Folder = "/etc/topolvm";

    public bool Is(string executable) => executable == "topolvm-scheduler";

    public string? Start(ContainerStart start)
    {
        if (OptionsOf(start) is not { } text) return $"open {Folder}/scheduler-options.yaml: no such file or directory";
        var (extender, problem) = Read(start.Pod.Metadata.Uid, TopoLvmVersion.Of(start.ImageTag), start.HasVariable("USE_LEGACY"), text);
        if (extender is null) return problem;
        start.Node.Change(state => state with { Extender = extender });
        return null;
    }

    public string? WhyItEnds(SimulatedNode node, string podUid) => null;

    public void Exit(SimulatedNode node, string podUid) => Stop(node, podUid);

    public void Stop(SimulatedNode node, string podUid) =>
        node.Change(state => state.Extender?.PodUid == podUid ? state with { Extender = null } : state);

    /// <summary>The extender that a file makes, or what the program says before it exits.</summary>
    internal static (RunningExtender? Extender, string? Problem) Read(string podUid, Version version, bool useLegacy, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode;
            var divisors = (Find(root, "divisors") as YamlMappingNode)?.Children.ToImmutableSortedDictionary(entry => ((YamlScalarNode)entry.Key).Value!, entry => Number(entry.Value))
                ?? ImmutableSortedDictionary<string, double>.Empty;
            // The program checks the divisors of classes only.
            if (divisors.Values.FirstOrDefault(divisor => divisor <= 0, 1) is <= 0 and var wrong) return (null, string.Create(CultureInfo.InvariantCulture, $"invalid divisor: {wrong:F6}"));
            var port = (Find(root, "listen") as YamlScalarNode)?.Value?.Split(':')[^1] is { } said && int.TryParse(said, CultureInfo.InvariantCulture, out var number) ? number : 8000;
            return (new(podUid, TopoLvmVersion.NamesOf(version, useLegacy), version, port, Find(root, "default-divisor") is { } general ? Number(general) : 1, divisors), null);
        }
        catch (Exception broken) when (broken is YamlException or FormatException)
        {
            return (null, "error converting YAML to JSON: " + broken.Message);
        }
    }

    private static YamlNode? Find(YamlMappingNode? mapping, string key) =>
        mapping?.Children.FirstOrDefault(entry => (entry.Key as YamlScalarNode)?.Value == key).Value is { } found && found is not YamlScalarNode { Value: null or "" or "null" or "~" } ? found : null;

    private static double Number(YamlNode node) => double.Parse((node as YamlScalarNode)?.Value ?? "", CultureInfo.InvariantCulture);

    private static string? OptionsOf(ContainerStart start)
    {
        var mount = start.Container.Objects("volumeMounts").FirstOrDefault(mount => mount.Text("mountPath").TrimEnd('/') == Folder);
        var volume = start.Pod.Json.Objects("spec", "volumes").FirstOrDefault(volume => volume.Text("name") == mount.Text("name"));
        var map = start.Objects.ConfigMaps.GetValueOrDefault(new ObjectName(start.Pod.Namespace, volume.Text("configMap", "name")));
        return (string?)map?.Json["data"].At("scheduler-options.yaml");
    }
}
