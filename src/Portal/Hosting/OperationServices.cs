using Portal.Cluster;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Core.Operations;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Core.TopoLvm.Lvmd.Change;
using Portal.Core.TopoLvm.Lvmd.Groups;
using Portal.Core.TopoLvm.Nodes;
using Portal.Core.TopoLvm.Scheduling;
using Portal.Core.TopoLvm.StorageClasses;
using Portal.Core.TopoLvm.Verification;
using Portal.Core.TopoLvm.Volumes;
using Portal.Database;
using Portal.DeviceClasses;
using Portal.Operations;
using Portal.Profiles;

namespace Portal.Hosting;

/// <summary>Registers the operations: their journal, what runs them, and the kinds that can be resumed.</summary>
public static class OperationServices
{
    public static void AddOperations(this IServiceCollection services, DatabaseAddress database)
    {
        services.AddPortalDatabase(database);
        services.AddSingleton<Journal>();
        services.AddSingleton<Func<OperationContext>>(provider => () => provider.GetRequiredService<ClusterSession>().Context with { Agents = provider.GetRequiredService<AgentRegistry>() });
        services.AddSingleton(new OperationKind(InstallOperation.KindName, InstallOperation.FromJson));
        services.AddSingleton(new OperationKind(RemovalOperation.KindName, RemovalOperation.FromJson));
        services.AddSingleton(new OperationKind(SchedulerOptionsOperation.KindName, SchedulerOptionsOperation.FromJson));
        services.AddSingleton(new OperationKind(DeviceClassOperation.KindName, DeviceClassOperation.FromJson));
        services.AddSingleton(new OperationKind(NodeStorageOperation.EnableName, NodeStorageOperation.FromJson));
        services.AddSingleton(new OperationKind(NodeStorageOperation.DisableName, NodeStorageOperation.FromJson));
        services.AddSingleton(new OperationKind(VerificationOperation.KindName, VerificationOperation.FromJson));
        services.AddSingleton(new OperationKind(MoveNodesOperation.KindName, MoveNodesOperation.FromJson));
        services.AddSingleton(new OperationKind(CreateStorageClassOperation.KindName, CreateStorageClassOperation.FromJson));
        services.AddSingleton(new OperationKind(DeleteStorageClassOperation.KindName, DeleteStorageClassOperation.FromJson));
        services.AddSingleton(new OperationKind(CreateVolumeOperation.KindName, CreateVolumeOperation.FromJson));
        services.AddSingleton(new OperationKind(ResizeVolumesOperation.KindName, ResizeVolumesOperation.FromJson));
        services.AddSingleton(new OperationKind(DeleteVolumesOperation.KindName, DeleteVolumesOperation.FromJson));
        services.AddSingleton(new OperationKind(CreateSnapshotOperation.KindName, CreateSnapshotOperation.FromJson));
        services.AddSingleton(new OperationKind(DeleteOrphansOperation.KindName, DeleteOrphansOperation.FromJson));
        services.AddSingleton(new OperationKind(NodeCommandOperation.KindName, NodeCommandOperation.FromJson));
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<CustomProfiles>();
        // In this order: the others read the database when they start.
        services.AddHostedService<DatabaseWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CustomProfiles>());
        services.AddHostedService(provider => provider.GetRequiredService<OperationRunner>());
        services.AddSingleton<LvmdHistory>();
        services.AddHostedService(provider => provider.GetRequiredService<LvmdHistory>());
    }
}
