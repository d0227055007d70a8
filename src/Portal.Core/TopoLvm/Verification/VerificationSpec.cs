using System.Security.Cryptography;
using System.Text;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Verification;

/// <summary>What is tried out when storage is verified, and with what.</summary>
public sealed record VerificationSpec
{
    public const string DefaultImage = "busybox:1.36";
    public const string DefaultNamespace = "default";

    private const long Gibibyte = 1L << 30;

    public string StorageClass { get; init; } = "";

    /// <summary>Null leaves the node to the scheduler.</summary>
    public string? Node { get; init; }

    /// <summary>An image with sh, sha256sum, df and sync.</summary>
    public string Image { get; init; } = DefaultImage;

    public string Namespace { get; init; } = DefaultNamespace;

    /// <summary>Tells this run's objects from those of others.</summary>
    public string Id { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>What is written; random, so that nothing but this volume can bring it back.</summary>
    public string Token { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public long SizeBytes { get; init; } = Gibibyte;

    /// <summary>What the volume is expanded to, where its class allows that.</summary>
    public long GrownBytes => SizeBytes + Gibibyte;

    public string Checksum() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));

    public ObjectName Claim() => new(Namespace, "verify-" + Id);

    public ObjectName Pod(string part) => new(Namespace, $"verify-{Id}-{part}");

    public string ToJson() => InstallJson.Write(this);

    public static VerificationSpec FromJson(string json) => InstallJson.Read<VerificationSpec>(json);
}
