using Portal.Core.TopoLvm;
using Portal.Database;

namespace Portal.Hosting;

/// <summary>The portal as a program: reads the arguments, then serves until it is told to stop.</summary>
public static class CommandLine
{
    private const int StartError = 1;
    private const int UsageError = 2;

    /// <summary>The exit code: 0 after a normal stop, 1 when the database cannot be used, 2 when the arguments cannot be served; the reason is one sentence on <paramref name="error"/>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            await output.WriteLineAsync(HostingTexts.Help(PortalOptions.DefaultData));
            return 0;
        }
        var parsed = Parse(args);
        if (parsed.Problem is { } problem)
        {
            await error.WriteLineAsync(problem);
            return UsageError;
        }
        using var database = new PortalDatabase(parsed.Options.Database ?? DatabaseAddress.InFolder(parsed.Options.Data));
        switch (await DatabaseWait.OpenAsync(database, parsed.Options, error))
        {
            case DatabaseWait.Outcome.Unusable: return StartError;
            case DatabaseWait.Outcome.Stopped: return 0;
        }
        await using var portal = PortalApp.Create(parsed.Options with { DemoAgents = true }, services => services.AddSingleton(database));
        await portal.StartAsync(CancellationToken.None);
        await output.WriteLineAsync(HostingTexts.Listening(string.Join(" ", portal.Addresses)));
        if (portal.AgentAddresses.Any()) await output.WriteLineAsync(HostingTexts.ListeningForAgents(string.Join(" ", portal.AgentAddresses)));
        await portal.WaitForStopAsync();
        return database.IsLost ? StartError : 0;
    }

    /// <summary>The options, or the sentence that says why the portal cannot start with these arguments.</summary>
    public static (PortalOptions Options, string? Problem) Parse(ReadOnlySpan<string> args)
    {
        var options = new PortalOptions();
        var (database, databaseFile, hasData) = ((string?)null, (string?)null, false);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name == "--demo" && value is null or PortalOptions.InUse)
            {
                options = options with { Demo = true, DemoInUse = value is not null };
                continue;
            }
            if (name == "--demo") return (options, HostingTexts.NoDemo(args[i]));
            if (name is not ("--kubeconfig" or "--context" or "--data" or "--urls" or "--node-label" or "--verify-image" or "--agent-urls" or "--agent-certificate" or "--agent-key" or "--prometheus" or "--database" or "--database-file")) return (options, HostingTexts.UnknownArgument(args[i]));
            value ??= ++i < args.Length ? args[i] : null;
            if (string.IsNullOrWhiteSpace(value)) return (options, HostingTexts.ValueMissing(name));
            hasData |= name == "--data";
            if (name == "--database") database = value;
            if (name == "--database-file") databaseFile = Path.GetFullPath(value);
            if (name == "--node-label" && NodeLabel.TryParse(value) is null) return (options, HostingTexts.NoLabel(value));
            if (name == "--prometheus" && !IsHttp(value)) return (options, HostingTexts.NoPrometheus(value));
            options = name switch
            {
                "--kubeconfig" => options with { Kubeconfig = value },
                "--context" => options with { Context = value },
                "--node-label" => options with { NodeLabel = NodeLabel.TryParse(value)! },
                "--verify-image" => options with { VerifyImage = value },
                "--data" => options with { Data = Path.GetFullPath(value) },
                "--agent-urls" => options with { AgentUrls = value },
                "--agent-certificate" => options with { AgentCertificate = Path.GetFullPath(value) },
                "--prometheus" => options with { Prometheus = new Uri(value.TrimEnd('/') + "/") },
                "--database" or "--database-file" => options,
                "--agent-key" => options with { AgentKey = Path.GetFullPath(value) },
                _ => options with { Urls = value },
            };
        }
        var (address, wrong) = DatabaseOption.Read(database, databaseFile, Environment.GetEnvironmentVariable(DatabaseOption.Variable));
        if (wrong is not null) return (options, wrong);
        options = options with { Database = address, Data = options.DemoInUse && !hasData ? PortalOptions.DefaultDataInUse : options.Data };
        return (options, (options.Urls is { } urls ? ListenAddresses.WhyNot(urls) : null) ?? ListenAddresses.WhyNotForAgents(options));
    }

    private static bool IsHttp(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
