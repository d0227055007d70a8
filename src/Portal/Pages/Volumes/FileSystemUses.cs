using Portal.Cluster;
using Portal.Core.Texts;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Pages.Volumes;

/// <summary>Reads how full file systems are, for the pages that show it.</summary>
public sealed class FileSystemUses(ClusterSession session)
{
    /// <summary>Nothing of either when there is no file system, or no Pod mounts it; else the use, or why it cannot be read.</summary>
    public async Task<(FileSystemUse? Use, Message? Problem)> ReadAsync(Volume volume, CancellationToken cancel)
    {
        if (volume is not { IsBlock: false, Host: { IsReady: true } host } || !volume.Users.Any()) return (null, null);
        try
        {
            return (await FileSystemUse.FindAsync(session.Context.Client, host.Name, volume.Name, cancel), null);
        }
        catch (Exception refused) when (refused is KubeException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            return (null, KubeProblem.Explain(refused));
        }
    }
}
