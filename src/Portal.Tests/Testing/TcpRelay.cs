using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Testing;

/// <summary>The network between a browser and a portal. While it is cut, connections break and new ones get no answer.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private CancellationTokenSource _network = new();
    private Uri _portal;

    public TcpRelay(Uri portal)
    {
        _portal = portal;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    public void Cut() => Volatile.Read(ref _network).Cancel();

    /// <summary>Connects again.</summary>
    /// <param name="portal">Another portal, as after a restart; null: the same.</param>
    public void Mend(Uri? portal = null)
    {
        _portal = portal ?? _portal;
        Volatile.Write(ref _network, new());
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _network.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token), Volatile.Read(ref _network).Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient browser, CancellationToken cut)
    {
        using (browser)
        using (var portal = new TcpClient())
        {
            if (cut.IsCancellationRequested || !await TryConnectAsync(portal)) return;
            Task[] ways = [browser.GetStream().CopyToAsync(portal.GetStream(), cut), portal.GetStream().CopyToAsync(browser.GetStream(), cut)];
            await Task.WhenAny(ways);
            browser.Close();
            portal.Close();
            await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryConnectAsync(TcpClient portal)
    {
        try
        {
            await portal.ConnectAsync(IPAddress.Loopback, _portal.Port, CancellationToken.None);
            return true;
        }
        catch (SocketException)
        {
            // The portal was killed; the browser is answered with a closed connection.
            return false;
        }
    }
}
