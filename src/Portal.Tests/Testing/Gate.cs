namespace Portal.Tests.Testing;

/// <summary>Where a <see cref="GateProxy"/> stops one write.</summary>
public sealed class Gate(GateMoment moment, Func<GatedWrite, bool> which)
{
    private readonly TaskCompletionSource<GatedWrite> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatedWrite? _taken;

    public GateMoment Moment { get; } = moment;

    /// <summary>The write that stands here now; completes when one does.</summary>
    public Task<GatedWrite> Reached => _reached.Task;

    /// <summary>Lets it pass.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>True for the first write that is chosen, once.</summary>
    internal bool TryTake(GatedWrite write) => which(write) && Interlocked.CompareExchange(ref _taken, write, null) is null;

    /// <summary>Stands until the gate opens; cancelled when the sender dies.</summary>
    internal async Task PassAsync(CancellationToken senderDied)
    {
        _reached.TrySetResult(_taken!);
        await _open.Task.WaitAsync(senderDied);
    }
}
