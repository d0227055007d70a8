using System.Text.Json;
using Portal.Agent.Node;

namespace Portal.Agent;

/// <summary>The agent as a program: reads the arguments and does what they say.</summary>
public static class CommandLine
{
    private const int UsageError = 2;

    private static readonly string[] VolatileFolders = ["/tmp", "/var/tmp", "/run", "/dev"];

    private const string Help = """
        topolvm-portal-agent COMMAND [OPTIONS]

        Commands
          inventory   print the node's disks, volume groups and loop devices as JSON

        Options
          --host-namespace        run in a privileged container with hostPID, and act on the host
          --state DIR             where commands and loop devices are remembered (/var/lib/topolvm-portal)
          --loop-directory DIR    the only directory for files of loop devices (/var/lib/topolvm-portal/loop-devices)
        """;

    /// <summary>The exit code: 0, or 2 when the arguments cannot be served; the reason is one sentence on <paramref name="error"/>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (args is [] or ["--help"] or ["-h"])
        {
            await output.WriteLineAsync(Help);
            return 0;
        }
        var (options, problem) = Parse(args.AsSpan(1));
        if (problem is null)
        {
            switch (args[0])
            {
                case "inventory":
                    await PrintInventoryAsync(options, output, cancel);
                    return 0;
                default:
                    problem = $"{args[0]} is no command; --help tells them.";
                    break;
            }
        }
        await error.WriteLineAsync(problem);
        return UsageError;
    }

    /// <summary>The options, or the sentence that says what is wrong with them.</summary>
    public static (AgentOptions Options, string? Problem) Parse(ReadOnlySpan<string> args)
    {
        var options = new AgentOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name == "--host-namespace" && value is null)
            {
                options = options with { HostNamespace = true };
                continue;
            }
            if (name is not ("--state" or "--loop-directory")) return (options, $"{args[i]} is no option; --help tells them.");
            value ??= ++i < args.Length ? args[i] : null;
            if (value is null || !Path.IsPathFullyQualified(value)) return (options, $"{name} needs a directory that begins with /.");
            var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(value));
            options = name == "--state" ? options with { StateDirectory = directory } : options with { LoopDirectory = directory };
        }
        return (options, WhyNotLoops(options.LoopDirectory));
    }

    // Files there are gone after a start of the node, and the volumes with them.
    private static string? WhyNotLoops(string directory) =>
        VolatileFolders.Any(folder => (directory + "/").StartsWith(folder + "/", StringComparison.Ordinal))
            ? $"Loop devices do not lie in {directory}: what is there does not outlive a start of the node."
            : null;

    private static async Task PrintInventoryAsync(AgentOptions options, TextWriter output, CancellationToken cancel)
    {
        using var node = new LinuxNode(options, TimeProvider.System);
        var inventory = await node.ReadInventoryAsync(forPlanning: false, cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(inventory, AgentJson.Default.NodeInventory));
    }
}
