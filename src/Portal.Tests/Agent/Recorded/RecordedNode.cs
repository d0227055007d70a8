using System.Security.Cryptography;
using System.Text;
using Portal.Agent;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Recorded;

/// <summary>A node that was recorded: the agent's own readers see its files and links as they were, and its programs say what they said.</summary>
internal sealed class RecordedNode : IDisposable
{
    private static readonly string Cases = Path.Combine(AppContext.BaseDirectory, "Agent", "Recorded", "Cases");

    private readonly TemporaryFolder _folder = new();
    private readonly string _layout;
    private readonly string _root;
    private readonly ManualTime _time = new();
    private readonly LinuxNode _node;

    public RecordedNode(string layout)
    {
        (_layout, _root) = (layout, Path.Combine(_folder.Path, "now"));
        var options = new AgentOptions { StateDirectory = Path.Combine(_folder.Path, "state") };
        _node = new(options, _time, new ProgramRunner(["sh", Path.Combine(Cases, "replay.sh"), Path.Combine(_root, "programs")]), _root);
    }

    public static string ClusterFile => Path.Combine(Cases, "cluster.yaml");

    public static IEnumerable<string> Layouts => Directory.GetDirectories(Cases).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public IEnumerable<string> Moments => Directory.GetFiles(Path.Combine(Cases, _layout)).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    /// <summary>Goes to a moment, ten seconds after the one before, and reads all of the node.</summary>
    public async Task<RecordedMoment> AtAsync(string moment, CancellationToken cancel)
    {
        Go(moment);
        var inventory = await _node.ReadInventoryAsync(forPlanning: false, cancel);
        return new(inventory, await _node.ReadSampleAsync(cancel));
    }

    /// <summary>Goes to a moment and reads the counters alone, as the agent does most of the time.</summary>
    public async Task<NodeSample> SampleAtAsync(string moment, CancellationToken cancel)
    {
        Go(moment);
        return await _node.ReadSampleAsync(cancel);
    }

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    private void Go(string moment)
    {
        var files = Path.Combine(_folder.Path, moment);
        if (!Directory.Exists(files)) Unpack(File.ReadAllLines(Path.Combine(Cases, _layout, moment + ".txt")), files);
        if (Directory.Exists(_root)) Directory.Delete(_root);
        Directory.CreateSymbolicLink(_root, files);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    // "file PATH", "program WORDS" with their lines, each after a "|"; "folder PATH"; "link PATH TARGET".
    private static void Unpack(string[] lines, string root)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var (kind, rest) = (lines[i][..lines[i].IndexOf(' ')], lines[i][(lines[i].IndexOf(' ') + 1)..]);
            var text = string.Concat(lines.Skip(i + 1).TakeWhile(line => line.StartsWith('|')).Select(line => line[1..] + "\n"));
            while (i + 1 < lines.Length && lines[i + 1].StartsWith('|')) i++;
            switch (kind)
            {
                case "file": File.WriteAllText(Made(root + rest), text); break;
                case "program": File.WriteAllText(Made(Path.Combine(root, "programs", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest))))), text); break;
                case "folder": Directory.CreateDirectory(root + rest); break;
                case "link": File.CreateSymbolicLink(Made(root + rest.Split(' ')[0]), rest.Split(' ')[1]); break;
                default: throw new FormatException($"A recording has the line \"{lines[i]}\".");
            }
        }
        // The agent only opens it; a device file cannot be made by everyone.
        File.WriteAllText(Path.Combine(root, "dev/mapper/control"), "");
        foreach (var mount in MountTable.Parse(File.ReadAllText(root + "/proc/1/mountinfo"))) Directory.CreateDirectory(root + mount.MountPoint);
    }

    private static string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}

/// <summary>What the agent tells of one moment.</summary>
internal sealed record RecordedMoment(NodeInventory Inventory, NodeSample Sample);
