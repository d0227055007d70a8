using System.Diagnostics;

namespace Portal.Tests.Testing;

/// <summary>A real control plane on loopback (<c>deploy/testbed/control-plane.sh</c>), which goes with this process.</summary>
public sealed class ControlPlaneProcess : IAsyncDisposable
{
    private readonly Process _script;

    private ControlPlaneProcess(Process script, string kubeconfigPath) => (_script, KubeconfigPath) = (script, kubeconfigPath);

    /// <summary>A kubeconfig file with every permission.</summary>
    public string KubeconfigPath { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="name">Unique on this machine.</param>
    public static async Task<ControlPlaneProcess> StartAsync(string name)
    {
        // "run" wipes the control plane when its input ends, which is also what happens when this process is killed.
        var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "deploy/testbed/control-plane.sh"), "run", name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = script.StandardError.ReadToEndAsync();
        if (await script.StandardOutput.ReadLineAsync() is { } kubeconfig) return new(script, kubeconfig);
        using (script)
            throw new InvalidOperationException("The control plane did not start (./test.sh installs what it needs):\n" + await complaints);
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }
}
