using Portal.Core;
using Portal.Core.Cluster;

namespace Portal.Cluster;

public static class ClusterServices
{
    public static void AddCluster(this IServiceCollection services)
    {
        services.AddSingleton(new Live<ClusterStatus>(ClusterStatus.Connecting));
        services.AddSingleton(new Live<ClusterSnapshot>(ClusterSnapshot.Empty));
    }
}
