using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Portal.Agent.Programs;

/// <summary>Runs programs of the node: an argument vector and no shell, nothing on standard input, English output; a child dies with its token.</summary>
/// <param name="prefix">Put before each program: what enters the host's mount namespace from within a container. Empty on the host itself.</param>
public sealed class ProgramRunner(ImmutableArray<string> prefix)
{
    /// <summary>On the host itself.</summary>
    public static readonly ProgramRunner Direct = new([]);

    /// <summary>In the mount namespace of a process of the host; needs <c>hostPID</c> and a privileged container.</summary>
    public static ProgramRunner Inside(int process) => new(["nsenter", "--target", process.ToString(CultureInfo.InvariantCulture), "--mount", "--"]);

    /// <summary>What the program prints on standard output.</summary>
    /// <exception cref="ProgramException">It could not be started, or ended with another code than 0; the message holds what it said.</exception>
    public async Task<string> ReadAsync(ImmutableArray<string> words, CancellationToken cancel)
    {
        using var process = Start(words);
        await using var kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new ProgramException($"{Named(words)} failed ({process.ExitCode}): {(await error).Trim()}");
        return await output;
    }

    /// <summary>Hands on each line as it is said, of both streams, one at a time.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ProgramException">It could not be started.</exception>
    public async Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel)
    {
        using var process = Start(words);
        await using var kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        var gate = new Lock();
        await Task.WhenAll(HandOnAsync(process.StandardOutput), HandOnAsync(process.StandardError));
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode;

        async Task HandOnAsync(StreamReader stream)
        {
            while (await stream.ReadLineAsync(CancellationToken.None) is { } line)
                lock (gate) said(line);
        }
    }

    private Process Start(ImmutableArray<string> words)
    {
        ImmutableArray<string> all = [.. prefix, .. words];
        var start = new ProcessStartInfo(all[0], all.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // lvm complains of every file that its parent has open.
            Environment = { ["LC_ALL"] = "C", ["LVM_SUPPRESS_FD_WARNINGS"] = "1" },
        };
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            process.Dispose();
            throw new ProgramException(
                $"{all[0]} could not be started: {missing.Message}. Install the package {ProgramPackages.Of(all[0])} on this node.", missing);
        }
        process.StandardInput.Close();
        return process;
    }

    // "lvm vgcreate", "lsblk": lvm's first argument is the name of its command.
    private static string Named(ImmutableArray<string> words) =>
        words.Length > 1 && !words[1].StartsWith('-') ? $"{words[0]} {words[1]}" : words[0];
}
