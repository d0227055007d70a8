using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Portal.Core.Lvm;

namespace Portal.Agent;

/// <summary>Asks the node's own lvm, without a shell; a child dies with its token.</summary>
public sealed class LvmCli(string program = "lvm")
{
    /// <exception cref="LvmException">lvm is not there, or it failed; the message holds what it said.</exception>
    public async Task<ImmutableArray<LvmVolumeGroup>> VolumeGroupsAsync(CancellationToken cancel) =>
        LvmReport.VolumeGroups(await RunAsync(
            ["vgs", "--reportformat", "json", "--units", "b", "--nosuffix", "-o", LvmReport.VolumeGroupColumns], cancel));

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["LVM_SUPPRESS_FD_WARNINGS"] = "1" },
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new LvmException($"{program} could not be started: {missing.Message}. Install the package lvm2 on this node.", missing);
        }
        process.StandardInput.Close();
        await using var kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new LvmException($"{program} {arguments[0]} failed ({process.ExitCode}): {(await error).Trim()}");
        return await output;
    }
}

/// <summary>lvm could not be started, or failed; the message is a sentence for the node's administrator.</summary>
public sealed class LvmException(string message, Exception? inner = null) : Exception(message, inner);
