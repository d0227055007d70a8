namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>topolvm-controller does not run, so nobody makes, grows or removes volumes.</summary>
internal sealed class ControllerDown : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        if (one.Around.Installation?.Find(ComponentRole.Controller) is not { Ready: 0 } controller || !one.Claims.Any(Waits)) yield break;
        yield return new(nameof(ControllerDown), DiagnosisTexts.ControllerDown(controller.Workload), DiagnosisTexts.ControllerDownRemedy(controller.Workload))
        {
            Place = new(MendingPage.Overview),
            Evidence = [Witness.Of(controller)],
        };
    }

    // A claim that is being deleted waits for it only because of a finalizer, which is a cause of its own.
    private static bool Waits(ClaimCase claim) =>
        claim.IsOurs && (claim.Stage == ClaimStage.Growing || (claim.Stage == ClaimStage.Unbound && (claim.IsImmediate || !claim.Pods.IsEmpty)));
}
