namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A claim gets its volume with its first pod, and nobody has made one.</summary>
internal sealed class WaitsForConsumer : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, IsImmediate: false, Pods.IsEmpty: true }))
        {
            yield return new(nameof(WaitsForConsumer), DiagnosisTexts.WaitsForConsumer(claim.Name), DiagnosisTexts.WaitsForConsumerRemedy(claim.Name))
            {
                Urgency = Urgency.AsIntended,
                Evidence = [Witness.Of("StorageClass", claim.Class!.Metadata.ObjectName, Texts.Message.Verbatim("volumeBindingMode: WaitForFirstConsumer"), claim.Class.Metadata.CreationTimestamp)],
            };
        }
    }
}
