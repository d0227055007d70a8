using System.ComponentModel;
using System.Diagnostics;

namespace Portal.Bench;

/// <summary>prometheus-node-exporter as a process, and its page.</summary>
internal sealed class NodeExporter : IDisposable
{
    private const string Program = "prometheus-node-exporter";

    private readonly Process _process;
    private readonly HttpClient _http;

    private NodeExporter(Process process, int port) => (_process, _http) = (process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") });

    public int ProcessId => _process.Id;

    /// <summary>What its last page was long.</summary>
    public long PageBytes { get; private set; }

    /// <summary>Null when it is not installed.</summary>
    public static async Task<NodeExporter?> FindAsync(int port, params string[] options)
    {
        // Loop devices are among those that it leaves out by itself.
        string[] arguments = [$"--web.listen-address=127.0.0.1:{port}", "--log.level=error", "--collector.diskstats.device-exclude=^$", .. options];
        try
        {
            var exporter = new NodeExporter(Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true })!, port);
            await exporter.AnsweredAsync();
            return exporter;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>As Prometheus asks it.</summary>
    public async Task ScrapeAsync() => PageBytes = (await _http.GetByteArrayAsync(new Uri("metrics", UriKind.Relative))).LongLength;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task AnsweredAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await ScrapeAsync();
                return;
            }
            catch (HttpRequestException) when (tries < 100 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }
}
