using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Texts;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>The program of an exec plugin: started without a shell and without a terminal; it dies with the request that waits for it.</summary>
internal sealed record ExecCommand(string Name, string ApiVersion)
{
    public ImmutableArray<string> Arguments { get; init; } = [];
    public ImmutableArray<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>What the kubeconfig says about installing the program; null when it says nothing.</summary>
    public string? InstallHint { get; init; }

    /// <summary>The cluster, for a plugin that asks to know it.</summary>
    public JsonObject? Cluster { get; init; }

    /// <summary>The folder that a path in <see cref="Name"/> is relative to.</summary>
    public string Folder { get; init; } = "";

    public async Task<ExecCredential> RunAsync(CancellationToken cancel)
    {
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0) throw new KubeconfigException(KubeTexts.ExecFailed(Name, process.ExitCode, Shorten(await errors), Hint(KubeTexts.ExecRunHint)));
            return ExecCredential.Parse(await output, ApiVersion);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            throw new KubeconfigException(KubeTexts.ExecAnswer(Name, unreadable.Message), unreadable);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(FindProgram() ?? throw Missing(null))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        var spec = new JsonObject { ["interactive"] = false };
        if (Cluster is not null) spec["cluster"] = Cluster.DeepClone();
        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = ApiVersion, ["spec"] = spec }.ToJsonString();
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failed)
        {
            throw Missing(failed);
        }
    }

    // Process.Start would also look in the working directory; a name without a folder means PATH and nothing else.
    private string? FindProgram()
    {
        if (Name.Contains(Path.DirectorySeparatorChar)) return Path.GetFullPath(Name, Folder);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] names = OperatingSystem.IsWindows() ? [Name, Name + ".exe", Name + ".cmd"] : [Name];
        return folders.Where(Path.IsPathRooted).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private KubeconfigException Missing(Exception? cause) => new(KubeTexts.ExecMissing(Name, Hint(KubeTexts.ExecHint)), cause);

    private Message Hint(Message otherwise) => string.IsNullOrEmpty(InstallHint) ? otherwise : Message.Verbatim(InstallHint);

    private static string Shorten(string errors) => errors.Trim() is { Length: > 1000 } trimmed ? trimmed[..1000] : errors.Trim();
}
