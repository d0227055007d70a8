using Portal.Core.Kubernetes;
using Portal.Core.Operations;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>Patches an object that others write too: when it changed meanwhile, the patch is made again from what stands.</summary>
internal static class ConditionalPatch
{
    private const int Attempts = 5;

    /// <param name="make">The patch for an object; null when nothing is left to do.</param>
    public static async Task ApplyAsync<T>(StepRun step, KubeKind<T> kind, T seen, Func<T, Patch?> make, CancellationToken cancel) where T : class, IKubeObject
    {
        var current = seen;
        for (var attempt = 1; current is not null && make(current) is { } patch; attempt++)
        {
            try
            {
                await step.Cluster.PatchAsync(kind, current.Metadata.ObjectName, patch, WriteOptions.Default, cancel);
                return;
            }
            catch (KubeException gone) when (gone.IsNotFound)
            {
                return;
            }
            // 422: a "test" of the patch does not hold any more.
            catch (KubeException changed) when (attempt < Attempts && (changed.IsConflict || changed.Status.Code == 422))
            {
                current = await step.Context.Client.FindAsync(kind, seen.Metadata.ObjectName, cancel);
            }
        }
    }
}
