using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>Several StorageClasses are marked as the default: up to Kubernetes 1.25 a claim that names none is then refused.</summary>
internal sealed class TwoDefaults : ICause
{
    private const int NewestWins = 26;

    public IEnumerable<Finding> Find(Case one)
    {
        var defaults = DefaultsIn(one.Around);
        if (defaults.Length < 2 || one.Around.Cluster.Api.Version.IsAtLeast(1, NewestWins)) yield break;
        if (!one.Claims.Any(claim => claim.Stage == ClaimStage.Missing || StorageClassUnnamed.Is(claim))) yield break;
        var names = string.Join(", ", defaults.Select(found => found.Metadata.Name));
        yield return new(nameof(TwoDefaults), DiagnosisTexts.TwoDefaults(names), DiagnosisTexts.TwoDefaultsRemedy)
        {
            Place = new(MendingPage.DeviceClasses),
            Evidence =
            [
                .. Refused.For(one).Where(said => said.Message.Contains("default StorageClasses were found", StringComparison.Ordinal)).Select(Witness.Of),
                .. defaults.Select(found => Witness.Of("StorageClass", found.Metadata.ObjectName, DiagnosisTexts.IsDefaultClass, found.Metadata.CreationTimestamp)),
            ],
            NotKnown = one.Claims.Any(claim => claim.Stage == ClaimStage.Missing) ? [DiagnosisTexts.MissingClaimNotSeen] : [],
        };
    }

    internal static StorageClass[] DefaultsIn(Surroundings around) =>
        [.. around.Cluster.StorageClasses.Items.Values.Where(LocalStorageClass.IsDefaultClass).OrderBy(found => found.Metadata.Name, StringComparer.Ordinal)];
}
