using Portal.Agent.Programs;
using Portal.Core.Lvm;

namespace Portal.Agent.Node;

/// <summary>Asks the node's own lvm.</summary>
public sealed class LvmCli(ProgramRunner runner, string program = "lvm")
{
    /// <exception cref="ProgramException">lvm is not there, or it failed; the message holds what it said.</exception>
    /// <exception cref="FormatException">What it said is no report.</exception>
    public async Task<LvmReport> ReadAsync(CancellationToken cancel) => LvmReport.Parse(await runner.ReadAsync([program, .. LvmReport.Arguments], cancel));

    /// <summary>Has <c>vgcfgbackup(8)</c> describe a volume group.</summary>
    /// <param name="file">On the host. lvm puts another file in its place: no device, such as /dev/stdout, may be there.</param>
    /// <exception cref="ProgramException">lvm is not there, or it failed; the message holds what it said.</exception>
    public Task BackUpAsync(string volumeGroup, string file, CancellationToken cancel) =>
        runner.ReadAsync([program, "vgcfgbackup", "--quiet", "--file", file, volumeGroup], cancel);

    /// <summary>"2.03.16(2) (2022-05-18)".</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string?> VersionAsync(CancellationToken cancel)
    {
        const string mark = "LVM version:";
        var lines = (await runner.ReadAsync([program, "version"], cancel)).Split('\n');
        return lines.Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..].Trim();
    }
}
