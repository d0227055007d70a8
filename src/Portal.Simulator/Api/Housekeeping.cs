using System.Threading.Channels;

namespace Portal.Simulator.Api;

// What the controller manager does behind every API server, so that deletion really ends: owned objects follow their owners, a namespace
// is emptied, the objects of a deleted definition go. One loop, fed by the store's changes in their order.

/// <summary>Follows the store and finishes what deletions leave to do.</summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private readonly Channel<StoreChange> _changes = Channel.CreateUnbounded<StoreChange>(new() { SingleReader = true });
    private readonly Task _loop;

    public Housekeeping(ObjectStore store, params Action<StoreChange>[] chores)
    {
        store.Changed += change => _changes.Writer.TryWrite(change);
        _loop = RunAsync(chores);
    }

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync(Action<StoreChange>[] chores)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
        {
            foreach (var chore in chores) Do(chore, change);
        }
    }

    private static void Do(Action<StoreChange> chore, StoreChange change)
    {
        try
        {
            chore(change);
        }
        catch (RefusalException gone) when (gone.Code is 404 or 409)
        {
            // The object changed or went while the chore ran; that change comes here too.
        }
    }
}
