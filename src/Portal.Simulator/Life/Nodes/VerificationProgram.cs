using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>The shell scripts of the portal's verification, told by the name they give themselves: one writes into the volume of its pod, the
/// other reads from it; both say the checksum and how large the file system is.</summary>
public sealed class VerificationProgram(TimeProvider time) : INodeProgram
{
    public bool Is(string executable) => executable == "sh";

    public string? Start(ContainerStart start) => start.CommandLine.ToArray() switch
    {
        [_, _, _, "topolvm-portal-write", var token, var file, _] => Write(start, token, file),
        [_, _, _, "topolvm-portal-read", var file, _] => Read(start, file),
        _ => null,
    };

    public string? WhyItEnds(SimulatedNode node, string podUid) => null;

    public void Exit(SimulatedNode node, string podUid)
    {
        // What is written stays in the volume.
    }

    public void Stop(SimulatedNode node, string podUid)
    {
        // What is written stays in the volume.
    }

    private string? Write(ContainerStart start, string token, string file)
    {
        if (MountedAt(start, file) is not { } volume || start.Node.State.Current.Storage.FindVolume(volume) is null) return $"sh: can't create {file}: nonexistent directory";
        start.Node.Change(state => state with { Storage = state.Storage.WithContent(volume, token) });
        return Read(start, file);
    }

    private string? Read(ContainerStart start, string file)
    {
        if (MountedAt(start, file) is not { } volume || start.Node.State.Current.Storage.FindVolume(volume)?.Content is not { } content) return $"sh: can't open {file}: no such file";
        start.Say(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))) + "  -");
        var (claim, bound) = ClaimOf(start)!.Value;
        var usage = VolumeUsage.Of(claim, bound, time.GetUtcNow());
        var (size, used) = (usage.CapacityBytes / 1024, usage.UsedBytes / 1024);
        start.Say(string.Create(CultureInfo.InvariantCulture, $"/dev/topolvm/{volume} {size,10} {used,9} {size - used,9} {used * 100 / size}% {file[..file.LastIndexOf('/')]}"));
        return null;
    }

    /// <summary>The logical volume that holds a file of the container; null when no volume of TopoLVM is mounted there.</summary>
    private static string? MountedAt(ContainerStart start, string file) =>
        start.Container.Objects("volumeMounts").Any(mount => file.StartsWith(mount.Text("mountPath").TrimEnd('/') + "/", StringComparison.Ordinal))
            ? ClaimOf(start)?.Volume.Json.Text("spec", "csi", "volumeHandle") : null;

    private static (KubeObject Claim, KubeObject Volume)? ClaimOf(ContainerStart start)
    {
        var name = start.Pod.Json.Objects("spec", "volumes").Select(volume => volume.Text("persistentVolumeClaim", "claimName")).FirstOrDefault(claim => claim.Length > 0);
        if (name is null || start.Objects.Claims.GetValueOrDefault(new(start.Pod.Namespace, name)) is not { } claim) return null;
        return start.Objects.PersistentVolumes.GetValueOrDefault(new(null, claim.Json.Text("spec", "volumeName"))) is { } volume ? (claim, volume) : null;
    }
}
