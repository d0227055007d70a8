using Portal.Core.NodeCommands;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>kube-scheduler's file written, put back, and read by a kube-scheduler that is started anew.</summary>
internal static class SimulatedSchedulerFile
{
    /// <exception cref="ArgumentException">It cannot be done; the message says why.</exception>
    public static SimulatedKubeScheduler Replaced(SimulatedKubeScheduler? scheduler, ReplaceFile action)
    {
        var known = Running(scheduler);
        if (known.Files.TryGetValue(action.Path, out var old) != action.BackupPath is not null) throw new ArgumentException($"{action.Path} came or went since it was planned.");
        var files = action.BackupPath is { } backup ? known.Files.SetItem(backup, old!) : known.Files;
        return known with { Files = files.SetItem(action.Path, action.Content) };
    }

    public static SimulatedKubeScheduler PutBack(SimulatedKubeScheduler? scheduler, ReplaceFile action)
    {
        var known = Running(scheduler);
        if (known.Files.GetValueOrDefault(action.Path) != action.Content) return known;
        return known with { Files = action.BackupPath is { } backup ? known.Files.SetItem(action.Path, known.Files[backup]) : known.Files.Remove(action.Path) };
    }

    /// <exception cref="ArgumentException">It does not come up with what its file says.</exception>
    public static SimulatedKubeScheduler Restarted(SimulatedKubeScheduler? scheduler) => Running(scheduler) is { ComesUp: true } known
        ? known with { Starts = known.Starts + 1 } : throw new ArgumentException("kube-scheduler starts again and again; see its log on this node.");

    private static SimulatedKubeScheduler Running(SimulatedKubeScheduler? scheduler) => scheduler ?? throw new ArgumentException("kube-scheduler does not run on this node.");
}
