using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Agent.Link;
using Portal.Agent.Node;

namespace Portal.Agent;

/// <summary>The agent as a program: reads the arguments and does what they say.</summary>
public static partial class CommandLine
{
    private const int UsageError = 2;

    private static readonly string[] Names = ["--state", "--loop-directory", "--portal", "--node", "--token-file", "--ca-file"];
    private static readonly string[] VolatileFolders = ["/tmp", "/var/tmp", "/run", "/dev"];

    private const string Help = """
        topolvm-portal-agent COMMAND [OPTIONS]

        Commands
          inventory   print the node's disks, volume groups and loop devices as JSON
          run         serve the portal until told to stop

        Options
          --host-namespace        run in a privileged container with hostPID, and act on the host
          --state DIR             where commands and loop devices are remembered (/var/lib/topolvm-portal)
          --loop-directory DIR    the only directory for files of loop devices (/var/lib/topolvm-portal/loop-devices)
          --portal URL            where the portal is; https, or http on this machine
          --node NAME             the Kubernetes node that the agent speaks for ($NODE_NAME)
          --token-file FILE       a projected service-account token or a join token (/var/run/secrets/topolvm-portal/token)
          --ca-file FILE          the authorities of the portal's certificate, as PEM; without it, those that the machine trusts
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
                case "run" when WhyNotRun(options) is { } missing:
                    problem = missing;
                    break;
                case "run":
                    await ServeAsync(options, cancel);
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
            if (!Names.Contains(name)) return (options, $"{args[i]} is no option; --help tells them.");
            value ??= ++i < args.Length ? args[i] : null;
            if (string.IsNullOrWhiteSpace(value)) return (options, name is "--portal" or "--node" ? $"{name} needs a value." : $"{name} needs a path that begins with /.");
            if (name is not ("--portal" or "--node") && !Path.IsPathFullyQualified(value)) return (options, $"{name} needs a path that begins with /.");
            if (name == "--portal" && WhyNotPortal(value) is { } why) return (options, why);
            options = With(options, name, value);
        }
        return (options, WhyNotLoops(options.LoopDirectory));
    }

    private static AgentOptions With(AgentOptions options, string name, string value) => name switch
    {
        "--portal" => options with { Portal = new Uri(value.TrimEnd('/') + "/") },
        "--node" => options with { Node = value },
        "--state" => options with { StateDirectory = Plain(value) },
        "--loop-directory" => options with { LoopDirectory = Plain(value) },
        "--token-file" => options with { TokenFile = Plain(value) },
        _ => options with { AuthorityFile = Plain(value) },
    };

    private static string Plain(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    // A token is not sent in the clear to where others can read it.
    private static string? WhyNotPortal(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.Host is "localhost" or "127.0.0.1" or "[::1]"))
            ? null
            : $"--portal needs an address that begins with https:// and not {url}; http:// serves on this machine alone.";

    private static string? WhyNotRun(AgentOptions options) =>
        options.Portal is null ? "run needs --portal, the address of the portal." :
        string.IsNullOrEmpty(options.Node) ? "run needs --node or NODE_NAME, the Kubernetes node that the agent speaks for." : null;

    // Files there are gone after a start of the node, and the volumes with them.
    private static string? WhyNotLoops(string directory) =>
        VolatileFolders.Any(folder => (directory + "/").StartsWith(folder + "/", StringComparison.Ordinal))
            ? $"Loop devices do not lie in {directory}: what is there does not outlive a start of the node."
            : null;

    private static async Task ServeAsync(AgentOptions options, CancellationToken cancel)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        }));
        using var node = new LinuxNode(options, TimeProvider.System);
        var log = loggers.CreateLogger("Portal.Agent");
        foreach (var problem in await node.BringUpAsync(cancel)) LogNotBroughtUp(log, problem);
        var link = new LinkOptions(options.Portal!, options.Node!, options.TokenFile) { AuthorityFile = options.AuthorityFile };
        await new AgentHost(node, options, link, TimeProvider.System, loggers).RunAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all of the node's storage could be brought up: {Problem}")]
    private static partial void LogNotBroughtUp(ILogger logger, string problem);

    private static async Task PrintInventoryAsync(AgentOptions options, TextWriter output, CancellationToken cancel)
    {
        using var node = new LinuxNode(options, TimeProvider.System);
        var inventory = await node.ReadInventoryAsync(forPlanning: false, cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(inventory, AgentJson.Default.NodeInventory));
    }
}
