using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

[assembly: AssemblyFixture(typeof(RealTestCluster))]

namespace Portal.Tests.Testing;

/// <summary>etcd, kube-apiserver, kube-controller-manager and kube-scheduler. There are no kubelets.</summary>
public sealed class RealTestCluster : TestCluster
{
    private ControlPlaneProcess? _controlPlane;

    protected override async Task<StartedCluster> StartNewAsync()
    {
        _controlPlane = await ControlPlaneProcess.StartAsync(Name);
        return new(new KubeClient(KubeConnection.FromKubeconfig(new() { Path = _controlPlane.KubeconfigPath })), _controlPlane.KubeconfigPath);
    }

    protected override async ValueTask StopAsync()
    {
        if (_controlPlane is not null) await _controlPlane.DisposeAsync();
    }
}
