using Portal.Core;

namespace Portal.Tests.Testing;

/// <summary>Waits for a live value to satisfy a condition, woken by its signal and not by a clock.</summary>
public static class LiveWaiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<T> UntilAsync<T>(this Live<T> live, Func<T, bool> condition, CancellationToken cancel) where T : class
    {
        using var changed = new SemaphoreSlim(0);
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = live.Subscribe(() => changed.Release());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        while (!condition(live.Current))
        {
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                Assert.Fail($"Not reached within {Limit.TotalSeconds} s; the last value was {live.Current}");
            }
        }
        return live.Current;
    }
}
