using System.Diagnostics;

namespace Portal.Bench;

/// <summary>The kubectl to compare with: the one that KUBECTL names, or the first on the PATH.</summary>
public sealed class Kubectl(string kubeconfig)
{
    private static readonly string Program = Environment.GetEnvironmentVariable("KUBECTL") ?? "kubectl";

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, ["--kubeconfig", kubeconfig, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    public async Task<string> VersionAsync() => "kubectl " + (await RunAsync("version", "--client", "-o", "json"))
        .Split('"').SkipWhile(word => word != "gitVersion").ElementAt(2);

    /// <summary>Runs to the end and returns what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {await complaints}");
    }
}
