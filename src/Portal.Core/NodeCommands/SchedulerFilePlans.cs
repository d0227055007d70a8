using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Core.TopoLvm.Scheduling;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.NodeCommands;

// kube-scheduler reads its file once, at its start. The kubelet starts it anew when its manifest changes, and not when a file does that the
// manifest names: then its process is ended, and the kubelet starts another one.

/// <summary>Plans that write kube-scheduler's policy, configuration or manifest.</summary>
internal static partial class SchedulerFilePlans
{
    private const int LargestFile = 256 * 1024;

    private const string Manifests = "/etc/kubernetes/manifests/";

    public static void Write(PlanDraft draft, WriteSchedulerFile command)
    {
        draft.Confirmation = command.Path;
        if (draft.Inventory.Scheduler is not { } scheduler)
        {
            draft.Refuse(NodePlanTexts.NoScheduler);
            return;
        }
        var isManifest = command.Path == SchedulerInstructions.Manifest;
        if (!FilePath().IsMatch(command.Path) || !isManifest && command.Path.StartsWith(Manifests, StringComparison.Ordinal))
            draft.Refuse(NodePlanTexts.SchedulerPathIsForbidden(command.Path));
        CheckContent(draft, command, isManifest);
        var old = scheduler.Files.FirstOrDefault(file => file.Path == command.Path);
        draft.Fact($"{command.Path} {old?.Sha256} {string.Join(' ', scheduler.Arguments)}");
        if (old?.Sha256 == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(command.Content)))) return;
        // Beside the manifest a copy would become a second pod.
        var backup = old is null ? null : (isManifest ? "/etc/kubernetes/kube-scheduler.yaml" : command.Path) + ".before-topolvm";
        draft.Run(new NodeStep(backup is null ? NodePlanTexts.StepWriteFile(command.Path) : NodePlanTexts.StepReplaceFile(command.Path, backup),
            ["install", "--mode=0600", "/dev/stdin", command.Path]) { Action = new ReplaceFile(command.Path, command.Content, backup) });
        if (isManifest || scheduler.Arguments.Any(argument => argument.EndsWith("=" + command.Path, StringComparison.Ordinal) || argument == command.Path))
            draft.Run(Restart(isManifest));
        else draft.Warn(NodePlanTexts.SchedulerDoesNotReadIt(command.Path, SchedulerInstructions.Manifest));
    }

    private static NodeStep Restart(bool byKubelet) =>
        new(NodePlanTexts.StepRestartScheduler, byKubelet ? ["crictl", "ps", "--name", "kube-scheduler"] : ["pkill", "--exact", "kube-scheduler"])
        {
            Action = new RestartScheduler(byKubelet),
        };

    private static void CheckContent(PlanDraft draft, WriteSchedulerFile command, bool isManifest)
    {
        if (Encoding.UTF8.GetByteCount(command.Content) > LargestFile) draft.Refuse(NodePlanTexts.SchedulerFileIsTooLarge(command.Path));
        if (Read(command.Content, out var problem) is not { } map) draft.Refuse(NodePlanTexts.SchedulerFileIsUnreadable(command.Path, problem));
        else if (WrongKind(map, isManifest)) draft.Refuse(isManifest ? NodePlanTexts.IsNoSchedulerManifest(command.Path) : NodePlanTexts.IsNoSchedulerFile(command.Path));
    }

    // JSON is YAML too.
    private static YamlMappingNode? Read(string text, out string problem)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            problem = $"{stream.Documents.Count} documents";
            return stream.Documents is [{ RootNode: YamlMappingNode map }] ? map : null;
        }
        catch (YamlException bad)
        {
            problem = $"line {bad.Start.Line}: {bad.Message}";
            return null;
        }
    }

    private static bool WrongKind(YamlMappingNode map, bool isManifest)
    {
        var kind = Text(map, "kind");
        var version = Text(map, "apiVersion");
        if (isManifest) return kind != "Pod" || version != "v1" || Map(map, "metadata") is not { } metadata || Text(metadata, "name") != "kube-scheduler";
        return !(kind == "Policy" && version is "v1" or null || kind == "KubeSchedulerConfiguration" && version?.StartsWith("kubescheduler.config.k8s.io/", StringComparison.Ordinal) == true);
    }

    private static string? Text(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;

    private static YamlMappingNode? Map(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value as YamlMappingNode : null;

    // Absolute, without letters that a command line would read in its own way.
    [GeneratedRegex(@"^/etc/kubernetes(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)+\z")]
    private static partial Regex FilePath();
}
