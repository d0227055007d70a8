using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;

namespace Portal.Cluster;

/// <summary>Registers the connection to the cluster and the live state made from it.</summary>
public static class ClusterServices
{
    public static void AddCluster(this IServiceCollection services)
    {
        services.TryAddSingleton(KubeEnvironment.Process);
        services.TryAddSingleton(provider => provider.GetRequiredService<PortalOptions>().DemoInUse ? Scenario.InUse : Scenario.Demo);
        services.TryAddSingleton(Pace.Demo);
        services.AddSingleton<ClusterSource>();
        services.AddSingleton(new Live<ClusterStatus>(ClusterStatus.Connecting));
        services.AddSingleton(new Live<ClusterSnapshot>(ClusterSnapshot.Empty));
        services.TryAddSingleton(provider => provider.GetRequiredService<PortalOptions>().NodeLabel);
        services.AddSingleton<StorageWatch>();
        services.AddSingleton(provider => provider.GetRequiredService<StorageWatch>().Live);
        services.AddSingleton<DoctorWatch>();
        services.AddSingleton(provider => provider.GetRequiredService<DoctorWatch>().Live);
        services.AddHostedService<DoctorService>();
        services.AddSingleton<ClusterSession>();
        services.AddHostedService<FreshnessLog>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterSession>());
    }
}
