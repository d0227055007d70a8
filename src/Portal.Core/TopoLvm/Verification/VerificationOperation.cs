using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Verification;

// Storage that is said to work is tried out the way an application uses it: a claim, a pod that writes, another that reads the
// same bytes, an expansion, and everything gone at the end. How long each step took is the report. Whatever ends it early
// takes its objects away as well; after a kill, resuming begins anew and finds what was left by its label.

/// <summary>Verifies that volumes of a StorageClass can be made, written, read elsewhere, expanded and deleted.</summary>
public sealed class VerificationOperation(VerificationSpec spec) : Operation
{
    public const string KindName = "verify";

    public override string Kind => KindName;

    public override Message Title => spec.Node is { } node ? VerificationTexts.TitleOn(spec.StorageClass, node) : VerificationTexts.Title(spec.StorageClass);

    public override ImmutableArray<string> Subjects => spec.Node is { } node ? ["verification", $"nodes/{node}/verification"] : ["verification"];

    /// <summary>How long a single step may take: slow sites pull images for minutes.</summary>
    public TimeSpan StepWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static VerificationOperation FromJson(string json) => new(VerificationSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var run = new VerificationRun(spec, StepWithin);
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            new("check", VerificationTexts.StepCheck, run.CheckAsync),
            new("leftovers", VerificationTexts.StepLeftovers, run.CleanUpAsync),
            Guarded("claim", VerificationTexts.StepClaim, run, run.ClaimAsync),
            Guarded("write", VerificationTexts.StepWrite, run, run.WriteAsync),
            Guarded("read", VerificationTexts.StepRead, run, run.ReadAsync),
            Guarded("expand", VerificationTexts.StepExpand, run, run.ExpandAsync),
            Guarded("measure", VerificationTexts.StepMeasure, run, run.MeasureAsync),
            new("clean-up", VerificationTexts.StepCleanUp, run.CleanUpAsync),
        ]);
    }

    /// <summary>A step that leaves nothing behind when it fails or is stopped.</summary>
    private static OperationStep Guarded(string id, Message title, VerificationRun run, Func<StepRun, CancellationToken, Task> act) => new(id, title, async (step, cancel) =>
    {
        try
        {
            await act(step, cancel);
        }
        catch (KubeException refused)
        {
            await run.DeleteAsync(step, cancel);
            throw new OperationFailedException(KubeProblem.Explain(refused));
        }
        catch (OperationFailedException)
        {
            await run.DeleteAsync(step, cancel);
            throw;
        }
        catch (OperationCanceledException) when (step.Stop.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            await run.DeleteAsync(step, cancel);
            throw;
        }
    });
}
