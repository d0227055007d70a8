using System.IO.Hashing;
using System.Text.Json;
using Portal.Agent.Node;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;

namespace Portal.Agent.Inventory;

/// <summary>Keeps a current inventory: read when the node says that something changed, and once a minute for what nobody says.</summary>
public sealed class InventoryWatch(INodeProbe node, TimeProvider time) : IDisposable
{
    /// <summary>Events come in bursts; one reading is for all of them.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1);
    private UInt128 _content;

    /// <summary>Published after each reading; when nothing is different, it is the one before but for the time. The empty one until the first reading.</summary>
    public Live<NodeInventory> Live { get; } = new(NodeInventory.Empty);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await RefreshAsync(cancel);
            await ChangedOrMinuteAsync(cancel);
            await Task.Delay(Settle, time, cancel);
        }
    }

    /// <summary>Reads now.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            var read = await node.ReadInventoryAsync(forPlanning: false, cancel);
            // Of hundreds of devices the text is large: what is kept of it is a hash.
            var content = XxHash128.HashToUInt128(JsonSerializer.SerializeToUtf8Bytes(read with { TakenAt = default }, ContractJson.Default.NodeInventory));
            Live.Publish(content == _content ? Live.Current with { TakenAt = read.TakenAt } : read);
            _content = content;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task ChangedOrMinuteAsync(CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] waits = [node.ChangedAsync(done.Token), Task.Delay(ReadEvery, time, done.Token)];
        var first = await Task.WhenAny(waits);
        await done.CancelAsync();
        foreach (var wait in waits) await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        await first;
    }
}
