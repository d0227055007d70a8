using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Agent.Link;

/// <summary>A WebSocket as the pair of pipes that SignalR speaks through.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private const int Buffered = 1 << 20;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(3);

    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _in = NewPipe();
    private readonly Pipe _out = NewPipe();
    private readonly Task _loops;

    public WebSocketConnection(ClientWebSocket socket, EndPoint endpoint)
    {
        _socket = socket;
        RemoteEndPoint = endpoint;
        Transport = new DuplexPipe(_in.Reader, _out.Writer);
        _loops = Task.WhenAll(ReceiveAsync(), SendAsync());
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get => _stop.Token; set { } }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _stop.Cancel();
        _socket.Abort();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        try
        {
            await _loops.WaitAsync(CloseLimit);
        }
        catch (TimeoutException)
        {
            _socket.Abort();
        }
        _socket.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_in.Writer.GetMemory(4096), _stop.Token);
                if (received.MessageType == WebSocketMessageType.Close) break;
                _in.Writer.Advance(received.Count);
                if ((await _in.Writer.FlushAsync(_stop.Token)).IsCompleted) break;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Aborted from this side.
        }
        catch (WebSocketException broken)
        {
            error = broken;
        }
        await _in.Writer.CompleteAsync(error);
        await _stop.CancelAsync();
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await _out.Reader.ReadAsync(_stop.Token);
                var left = read.Buffer.Length;
                foreach (var part in read.Buffer)
                {
                    left -= part.Length;
                    if (!part.IsEmpty || left == 0) await _socket.SendAsync(part, WebSocketMessageType.Text, left == 0, _stop.Token);
                }
                _out.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
            await CloseAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Aborted from this side, or the other one has closed.
        }
        catch (WebSocketException broken)
        {
            error = broken;
        }
        await _out.Reader.CompleteAsync(error);
    }

    private async Task CloseAsync()
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _socket.Abort();
        }
    }

    private static Pipe NewPipe() => new(new PipeOptions(pauseWriterThreshold: Buffered, resumeWriterThreshold: Buffered / 2, useSynchronizationContext: false));

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
