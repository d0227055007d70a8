using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Tests.Testing;

/// <summary>The built portal as a process of its own, which a test can kill and which dies with the test run.</summary>
public sealed partial class PortalProcess : IAsyncDisposable
{
    // Kills the portal when this process closes its end of the pipe or is killed itself.
    private const string Leash = """
        "$@" </dev/null & portal=$!
        exec >&- 2>&-
        cat >/dev/null
        kill -9 $portal
        wait $portal
        """;

    // The portal's own output: the tests' folder holds a copy of the program, but not of its static files.
    private static readonly string Program = Path.Combine(Repository.Root, "src/Portal/bin", Configuration, "net10.0/Portal.dll");

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process _leash;
    private readonly StringBuilder _output = new();

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private PortalProcess(Process leash) => _leash = leash;

    public Uri Url { get; private set; } = null!;

    /// <summary>Everything it printed so far.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Starts it and waits until it prints its address.</summary>
    public static Task<PortalProcess> StartAsync(string kubeconfig, string dataFolder, CancellationToken cancel) =>
        StartAsync(kubeconfig, dataFolder, new Uri("http://127.0.0.1:0"), cancel);

    /// <inheritdoc cref="StartAsync(string, string, CancellationToken)"/>
    /// <param name="url">Where it listens: the port of one before it, or 0.</param>
    public static Task<PortalProcess> StartAsync(string kubeconfig, string dataFolder, Uri url, CancellationToken cancel) =>
        StartAsync([Program], null, ["--kubeconfig", kubeconfig, "--data", dataFolder, "--urls", url.GetLeftPart(UriPartial.Authority)], cancel);

    /// <summary>On the simulated cluster, with an agent on each of its nodes.</summary>
    public static Task<PortalProcess> StartDemoAsync(string dataFolder, CancellationToken cancel) =>
        StartAsync([Program], null, ["--demo", "--data", dataFolder, "--urls", "http://127.0.0.1:0"], cancel);

    /// <summary>The same without its pages, and with what this assembly adds to a portal as it starts (<c>HostingStartup</c>).</summary>
    /// <param name="database">A connection string of PostgreSQL; null for the file in the folder.</param>
    public static Task<PortalProcess> StartExtendedAsync(string kubeconfig, string dataFolder, CancellationToken cancel, string? database = null)
    {
        static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
        var tests = typeof(PortalProcess).Assembly.GetName().Name!;
        string[] program = ["exec", "--depsfile", Beside(tests + ".deps.json"), "--runtimeconfig", Beside(tests + ".runtimeconfig.json"), Beside("Portal.dll")];
        return StartAsync(program, tests, ["--kubeconfig", kubeconfig, "--data", dataFolder, "--urls", "http://127.0.0.1:0"], cancel, database);
    }

    private static async Task<PortalProcess> StartAsync(string[] program, string? extension, string[] options, CancellationToken cancel, string? database = null)
    {
        var start = new ProcessStartInfo("bash", ["-c", Leash, "leash", "dotnet", .. program, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (extension is not null) start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = extension;
        if (database is not null) start.Environment["TOPOLVM_PORTAL_DATABASE"] = database;
        var leash = Process.Start(start)!;
        var process = new PortalProcess(leash);
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        leash.OutputDataReceived += (_, line) => process.Read(line.Data, address);
        leash.ErrorDataReceived += (_, line) => process.Read(line.Data ?? "", address);
        leash.BeginOutputReadLine();
        leash.BeginErrorReadLine();
        try
        {
            process.Url = await address.Task.WaitAsync(StartLimit, cancel);
        }
        catch (Exception failure)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException("The portal did not start:\n" + process.Output, failure);
        }
        return process;
    }

    /// <summary>SIGKILL. Returns when it is dead.</summary>
    public async Task KillAsync()
    {
        _leash.StandardInput.Close();
        await _leash.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_leash.HasExited) await KillAsync();
        _leash.Dispose();
    }

    private void Read(string? line, TaskCompletionSource<Uri> url)
    {
        if (line is null)
        {
            url.TrySetException(new EndOfStreamException("It ended before it printed its address."));
            return;
        }
        lock (_output) _output.AppendLine(line);
        if (Address().Match(line) is { Success: true } address) url.TrySetResult(new Uri(address.Value));
    }

    // In either language; log lines name other addresses.
    [GeneratedRegex("""(?<=^TopoLVM Portal\D*)http://127\.0\.0\.1:[0-9]+""")]
    private static partial Regex Address();
}
