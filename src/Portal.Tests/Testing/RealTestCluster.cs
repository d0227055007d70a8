using System.Diagnostics;
using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

[assembly: AssemblyFixture(typeof(RealTestCluster))]

namespace Portal.Tests.Testing;

/// <summary>etcd, kube-apiserver, kube-controller-manager and kube-scheduler on loopback (<c>deploy/testbed</c>). There are no kubelets.</summary>
public sealed class RealTestCluster : TestCluster
{
    private Process? _controlPlane;

    protected override async Task<StartedCluster> StartNewAsync()
    {
        // The script wipes the control plane when its input ends, which is also what happens when this process is killed.
        var script = Path.Combine(Repository.Root, "deploy/testbed/control-plane.sh");
        _controlPlane = Process.Start(new ProcessStartInfo("bash", [script, "run", Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = _controlPlane.StandardError.ReadToEndAsync();
        var kubeconfig = await _controlPlane.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The control plane did not start (./test.sh installs what it needs):\n" + await complaints);
        return new(new KubeClient(TestbedKubeconfig.Read(kubeconfig)), kubeconfig);
    }

    protected override async ValueTask StopAsync()
    {
        if (_controlPlane is null) return;
        _controlPlane.StandardInput.Close();
        await _controlPlane.WaitForExitAsync();
        _controlPlane.Dispose();
    }
}
