using System.Diagnostics;

namespace Portal.Tests.Agent;

/// <summary>A real volume group of its own name on a loop device; needs root, and is taken away at the end.</summary>
public sealed class LoopVolumeGroup : IAsyncDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), "portal-test-" + Guid.NewGuid().ToString("N"));
    private string _device = "";

    private LoopVolumeGroup()
    {
    }

    public string Name { get; } = "portaltest" + Guid.NewGuid().ToString("N")[..8];

    public static async Task<LoopVolumeGroup> CreateAsync(long bytes, CancellationToken cancel)
    {
        var group = new LoopVolumeGroup();
        await using (var file = File.Create(group._file)) file.SetLength(bytes);
        group._device = (await RunAsync("losetup", ["--find", "--show", group._file], cancel)).Trim();
        await RunAsync("vgcreate", ["-q", group.Name, group._device], cancel);
        return group;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("vgremove", ["-q", "-f", Name], CancellationToken.None);
        await RunAsync("losetup", ["--detach", _device], CancellationToken.None);
        File.Delete(_file);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["LVM_SUPPRESS_FD_WARNINGS"] = "1" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed ({process.ExitCode}): {await error}");
        return output;
    }
}
