using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>One thing to do by hand on a control-plane node.</summary>
/// <param name="Snippet">The command to run or the lines to add; null where words say all.</param>
public sealed record InstructionStep(Message Text, string? Snippet);

// kube-scheduler is a static pod: its manifest is a file on the node, and the kubelet starts the pod anew when the file changes.
// What is done here by hand is therefore undone by putting the old file back.

/// <summary>How a configuration gets into kube-scheduler, by hand and with the way back.</summary>
public static class SchedulerInstructions
{
    public const string Manifest = "/etc/kubernetes/manifests/kube-scheduler.yaml";

    // Not beside the manifest: the kubelet would start a second pod from a copy there.
    private const string Backup = "/etc/kubernetes/kube-scheduler.yaml.before-topolvm";

    /// <param name="nodes">The control-plane nodes, each of which needs the change.</param>
    /// <param name="otherFlag">A flag that kube-scheduler has already and that must go; null when there is none.</param>
    public static ImmutableArray<InstructionStep> For(SchedulerConfiguration configuration, IReadOnlyCollection<string> nodes, string? otherFlag)
    {
        var folder = configuration.Path[..configuration.Path.LastIndexOf('/')];
        var steps = ImmutableArray.CreateBuilder<InstructionStep>();
        steps.Add(new(SchedulingTexts.StepFile(nodes.Count == 0 ? SchedulingTexts.EveryControlPlaneNode : Message.Verbatim(string.Join(", ", nodes)), configuration.Path),
            $"sudo mkdir -p {folder}\nsudo tee {configuration.Path} > /dev/null <<'END'\n{configuration.ToText()}END\nsudo chmod 0644 {configuration.Path}"));
        steps.Add(new(SchedulingTexts.StepBackup(Manifest), $"sudo cp {Manifest} {Backup}"));
        steps.Add(new(SchedulingTexts.StepFlag(Manifest), $"    - {configuration.Format.Flag}={configuration.Path}"));
        if (otherFlag is not null) steps.Add(new(SchedulingTexts.StepOtherFlag(otherFlag), null));
        steps.Add(new(SchedulingTexts.StepMount(folder), Mount(folder)));
        steps.Add(new(SchedulingTexts.StepWatch(configuration.Format.Flag), "kubectl -n kube-system get pods -l component=kube-scheduler -o wide --watch"));
        steps.Add(new(SchedulingTexts.StepTrouble, "sudo sh -c 'tail -n 50 /var/log/pods/kube-system_kube-scheduler-*/kube-scheduler/*.log'\nsudo journalctl -u kubelet -n 50 --no-pager"));
        steps.Add(new(SchedulingTexts.StepUndo, $"sudo cp {Backup} {Manifest}"));
        return steps.ToImmutable();
    }

    private static string Mount(string folder) => $"""
            volumeMounts:
            - mountPath: {folder}
              name: kube-scheduler-config
              readOnly: true
          volumes:
          - hostPath:
              path: {folder}
              type: Directory
            name: kube-scheduler-config
        """.Replace("\r", "", StringComparison.Ordinal);
}
