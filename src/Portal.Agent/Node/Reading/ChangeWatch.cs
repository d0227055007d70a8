using System.Security.Cryptography;
using System.Text;

namespace Portal.Agent.Node.Reading;

/// <summary>Waits until something about disks or mounts has changed: by the kernel's events, and by a look at the mount table, which has none.</summary>
internal sealed class ChangeWatch(HostFiles host, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // Without events the devices are looked at too.
    private static readonly TimeSpan LookOftenEvery = TimeSpan.FromSeconds(1);

    private readonly UeventSocket? _events = UeventSocket.TryOpen();
    private string? _stamp;

    public async Task WaitAsync(CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] waits = _events is null ? [LookAsync(done.Token)] : [LookAsync(done.Token), _events.NextAsync(done.Token)];
        var first = await Task.WhenAny(waits);
        await done.CancelAsync();
        foreach (var wait in waits) await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        await first;
    }

    public void Dispose() => _events?.Dispose();

    private async Task LookAsync(CancellationToken cancel)
    {
        while (true)
        {
            var stamp = await StampAsync(cancel);
            if (_stamp is not null && stamp != _stamp)
            {
                _stamp = stamp;
                return;
            }
            _stamp = stamp;
            await Task.Delay(_events is null ? LookOftenEvery : LookEvery, time, cancel);
        }
    }

    private async Task<string> StampAsync(CancellationToken cancel)
    {
        var text = new StringBuilder(await host.ReadAsync(host.MountTablePath, cancel)).Append(await host.ReadAsync("/proc/swaps", cancel));
        if (_events is null) text.Append(await host.ReadAsync("/proc/partitions", cancel));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
