using System.Threading.Channels;

namespace Portal.Core;

/// <summary>Wakes one waiting loop; signals that come before it looks collapse into one.</summary>
public sealed class Signal
{
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _pending.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancel) => await _pending.Reader.ReadAsync(cancel);
}
