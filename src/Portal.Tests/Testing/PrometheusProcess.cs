using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Testing;

/// <summary>A real Prometheus on loopback that scrapes a portal each second, with its data in a folder that goes with it.</summary>
public sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _folder;

    private PrometheusProcess(Process process, TemporaryFolder folder) => (_process, _folder) = (process, folder);

    /// <summary>A port for one that is started later: the portal is told of it first.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<PrometheusProcess> ScrapeAsync(TestPortal portal, int port, CancellationToken cancel)
    {
        var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs: [{ job_name: portal, static_configs: [{ targets: ["{{portal.Url.Authority}}"] }] }]
            """, cancel);
        var address = string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}");
        return new(Process.Start(new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={folder.Path}/data", address, "--log.level=error"]))!, folder);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
