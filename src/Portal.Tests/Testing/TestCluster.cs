using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Testing;

/// <summary>An API server for tests, started at its first use. As a constructor parameter it is the one that the whole run shares; a class
/// that also implements <c>IClassFixture&lt;RealTestCluster&gt;</c> gets one of its own, to change what no namespace holds.</summary>
public abstract class TestCluster : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<StartedCluster>? _starting;
    private int _namespaces;

    /// <summary>Unique on this machine.</summary>
    public string Name { get; } = "test-" + Guid.NewGuid().ToString("N")[..8];

    public KubeConnection Connection => Started.Admin.Connection;

    /// <summary>A kubeconfig file with every permission.</summary>
    public string KubeconfigPath => Started.KubeconfigPath;

    /// <summary>A client with every permission.</summary>
    public KubeClient Admin => Started.Admin;

    private StartedCluster Started => _starting is { IsCompletedSuccessfully: true }
#pragma warning disable RS0030 // The task is completed.
        ? _starting.Result
#pragma warning restore RS0030
        : throw new InvalidOperationException("The cluster is not started: derive the test from ClusterTest.");

    /// <summary>Starts it unless that was done; every caller waits until it is ready.</summary>
    public Task StartAsync()
    {
        // The run shares it, so that no single test's cancellation may end its start.
        lock (_lock) return _starting ??= StartNewAsync();
    }

    /// <summary>A new, empty namespace: a test's own.</summary>
    public async Task<string> NewNamespaceAsync(CancellationToken cancel)
    {
        await StartAsync();
        var name = $"{Name}-{Interlocked.Increment(ref _namespaces)}";
        var document = new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name },
        });
        await Admin.CreateAsync(Namespace.Kind, document, WriteOptions.Default, cancel);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        Task<StartedCluster>? starting;
        lock (_lock) starting = _starting;
        GC.SuppressFinalize(this);
        if (starting is null) return;
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully) (await starting).Admin.Dispose();
        await StopAsync();
    }

    protected abstract Task<StartedCluster> StartNewAsync();

    /// <summary>Stops what was started, also when the start failed half-way.</summary>
    protected abstract ValueTask StopAsync();

    protected sealed record StartedCluster(KubeClient Admin, string KubeconfigPath);
}
