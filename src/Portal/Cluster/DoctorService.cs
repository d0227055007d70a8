using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Cluster;

/// <summary>Runs the search for what needs attention as long as the portal runs.</summary>
internal sealed class DoctorService(DoctorWatch watch) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => watch.RunAsync(stoppingToken);
}
