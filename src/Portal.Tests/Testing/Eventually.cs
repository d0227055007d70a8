using System.Diagnostics;

namespace Portal.Tests.Testing;

/// <summary>Waits for what another process or thread is about to bring about. A wait that is not met fails with what was missing last.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>Runs assertions until they pass; when the time is over, the last failure is the test's.</summary>
    public static async Task PassesAsync(Func<Task> assertions, CancellationToken cancel, TimeSpan? within = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await assertions();
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException && Stopwatch.GetElapsedTime(started) < (within ?? Limit))
            {
                await Task.Delay(PollEvery, cancel);
            }
        }
    }

    /// <inheritdoc cref="PassesAsync(Func{Task}, CancellationToken, TimeSpan?)"/>
    public static Task PassesAsync(Action assertions, CancellationToken cancel, TimeSpan? within = null) =>
        PassesAsync(() => { assertions(); return Task.CompletedTask; }, cancel, within);
}
