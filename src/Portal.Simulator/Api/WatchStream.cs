using System.Threading.Channels;

namespace Portal.Simulator.Api;

/// <summary>The changes one watch has still to deliver.</summary>
internal sealed class WatchStream(long revision, Action<WatchStream> closed) : IDisposable
{
    private readonly Channel<StoreChange> _changes = Channel.CreateUnbounded<StoreChange>(new() { SingleReader = true });
    private long _revision = revision;

    public ChannelReader<StoreChange> Changes => _changes.Reader;

    /// <summary>The newest revision this watch has been offered.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public void Offer(StoreChange change)
    {
        if (change.Object.Revision > _revision) Volatile.Write(ref _revision, change.Object.Revision);
        _changes.Writer.TryWrite(change);
    }

    /// <summary>What the stream is to send in place of an event before it breaks off; "" for nothing, null while it is whole.</summary>
    public string? Broken { get; private set; }

    /// <summary>Breaks the stream off, after a last line that is no event.</summary>
    public void Cut(string? line)
    {
        Broken = line ?? "";
        _changes.Writer.TryComplete();
    }

    public void Dispose()
    {
        closed(this);
        _changes.Writer.TryComplete();
    }
}
