using System.Diagnostics;
using Portal.Simulator;

namespace Portal.Bench;

/// <summary>A large simulated cluster as a process of its own.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ClusterProcess(Process process, Uri server) => (_process, Server) = (process, server);

    public Uri Server { get; }

    public static async Task<ClusterProcess> StartAsync(int nodes, int volumes)
    {
        var process = BenchProcess.Start("cluster", $"{nodes}", $"{volumes}");
        return new(process, new Uri(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulated cluster did not start.")));
    }

    /// <summary>What that process does: prints the cluster's address, and ends with its input.</summary>
    /// <param name="volumes">0: TopoLVM is not there.</param>
    public static async Task ServeAsync(int nodes, int volumes)
    {
        var scenario = volumes > 0 ? Scenario.Large(nodes, volumes) : Scenario.Large(nodes);
        await using var cluster = await SimulatedCluster.StartAsync(scenario, null, CancellationToken.None);
        Console.WriteLine(cluster.Connection.Server);
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
