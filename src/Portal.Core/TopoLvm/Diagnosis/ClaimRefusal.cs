using System.Text.RegularExpressions;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>How a volume of a claim failed, as csi-provisioner or csi-resizer last said it: a failed LogicalVolume lives for seconds only.</summary>
/// <param name="Code">gRPC's; null where the words tell none.</param>
/// <param name="Words">The error itself.</param>
internal sealed partial record ClaimRefusal(Event Said, int? Code, string Words)
{
    private static readonly string[] Failures = ["ProvisioningFailed", "VolumeResizeFailed"];

    /// <summary>Null when the last thing said is no failure, or the claim has got what it asked for.</summary>
    public static ClaimRefusal? Of(ClaimCase claim, Surroundings around)
    {
        if (claim.Claim is null || claim.Stage is not (ClaimStage.Unbound or ClaimStage.Growing)) return null;
        var reason = claim.Stage == ClaimStage.Growing ? "VolumeResizeFailed" : "ProvisioningFailed";
        if (around.EventsOf(claim.Claim).FirstOrDefault(one => Failures.Contains(one.Reason)) is not { } said || said.Reason != reason) return null;
        return Status().Match(said.Message) is { Success: true } found ? new(said, GrpcCode.Of(found.Groups[1].Value), found.Groups[2].Value) : new(said, null, said.Message);
    }

    [GeneratedRegex("rpc error: code = ([A-Za-z]+) desc = (.*)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Status();
}
