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

    private const string Aside = "/etc/kubernetes/kube-scheduler.yaml.aside";

    private const string Watch = "kubectl -n kube-system get pods -l component=kube-scheduler -o wide --watch";

    private const string Trouble = "sudo sh -c 'tail -n 50 /var/log/pods/kube-system_kube-scheduler-*/kube-scheduler/*.log'\nsudo journalctl -u kubelet -n 50 --no-pager";

    /// <param name="nodes">The control-plane nodes, each of which needs the change.</param>
    /// <param name="otherFlag">A flag that kube-scheduler has already and that must go; null when there is none.</param>
    /// <param name="isNamed">kube-scheduler is started with this very file already.</param>
    public static ImmutableArray<InstructionStep> For(SchedulerConfiguration configuration, IReadOnlyCollection<string> nodes, string? otherFlag, bool isNamed) =>
        isNamed ? Replacing(configuration, nodes) : Adding(configuration, nodes, otherFlag);

    private static ImmutableArray<InstructionStep> Adding(SchedulerConfiguration configuration, IReadOnlyCollection<string> nodes, string? otherFlag)
    {
        var folder = configuration.Path[..configuration.Path.LastIndexOf('/')];
        var steps = ImmutableArray.CreateBuilder<InstructionStep>();
        steps.Add(Write(configuration, nodes, $"sudo mkdir -p {folder}\n"));
        steps.Add(new(SchedulingTexts.StepBackup(Manifest), $"sudo cp {Manifest} {Backup}"));
        steps.Add(new(SchedulingTexts.StepFlag(Manifest), $"    - {configuration.Format.Flag}={configuration.Path}"));
        if (otherFlag is not null) steps.Add(new(SchedulingTexts.StepOtherFlag(otherFlag), null));
        steps.Add(new(SchedulingTexts.StepMount(folder), Mount(folder)));
        steps.Add(new(SchedulingTexts.StepWatch(configuration.Format.Flag), Watch));
        steps.Add(new(SchedulingTexts.StepTrouble, Trouble));
        steps.Add(new(SchedulingTexts.StepUndo, $"sudo cp {Backup} {Manifest}"));
        return steps.ToImmutable();
    }

    /// <summary>The kubelet watches the manifest, not the file it names: kube-scheduler must be started anew by hand.</summary>
    private static ImmutableArray<InstructionStep> Replacing(SchedulerConfiguration configuration, IReadOnlyCollection<string> nodes) =>
    [
        new(SchedulingTexts.StepKeepFile(configuration.Path), $"sudo cp {configuration.Path} {configuration.Path}.before"),
        Write(configuration, nodes, ""),
        new(SchedulingTexts.StepRestart(Manifest), $"sudo mv {Manifest} {Aside}\nsleep 30\nsudo mv {Aside} {Manifest}"),
        new(SchedulingTexts.StepBack, Watch),
        new(SchedulingTexts.StepTrouble, Trouble),
        new(SchedulingTexts.StepUndoFile, $"sudo cp {configuration.Path}.before {configuration.Path}"),
    ];

    private static InstructionStep Write(SchedulerConfiguration configuration, IReadOnlyCollection<string> nodes, string before) => new(
        SchedulingTexts.StepFile(nodes.Count == 0 ? SchedulingTexts.EveryControlPlaneNode : Message.Verbatim(string.Join(", ", nodes)), configuration.Path),
        $"{before}sudo tee {configuration.Path} > /dev/null <<'END'\n{configuration.ToText()}END\nsudo chmod 0644 {configuration.Path}");

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
