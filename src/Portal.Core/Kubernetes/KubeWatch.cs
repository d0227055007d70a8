using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Portal.Core.Kubernetes;

/// <summary>One open watch: its events in batches, each holding what has arrived so far.</summary>
internal sealed class KubeWatch<T>(KubeKind<T> kind, HttpResponseMessage response, Stream body) : IDisposable where T : IKubeObject
{
    private readonly PipeReader _lines = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
    private Exception? _broken;

    /// <summary>The next events, at least one; null when the server has ended the watch. Throws <see cref="KubeException"/> for an ERROR event,
    /// <see cref="JsonException"/> for a line that is no event, <see cref="IOException"/> for a stream that is cut.</summary>
    public async ValueTask<IReadOnlyList<WatchEvent<T>>?> ReadAsync(CancellationToken cancel)
    {
        var events = new List<WatchEvent<T>>();
        while (events.Count == 0)
        {
            if (_broken is not null) throw _broken;
            var read = await _lines.ReadAsync(cancel);
            var rest = ParseLines(read.Buffer, events);
            var (complete, leftOver) = (read.IsCompleted, rest.Length);
            _lines.AdvanceTo(rest.Start, rest.End);
            if (!complete) continue;
            if (leftOver > 0) _broken ??= new IOException("the watch was cut off within an event");
            if (events.Count == 0 && _broken is null) return null;
        }
        return events;
    }

    public void Dispose() => response.Dispose();

    /// <summary>Parses every complete line and returns the rest. What breaks the watch is kept until the events before it are delivered.</summary>
    private ReadOnlySequence<byte> ParseLines(ReadOnlySequence<byte> buffer, List<WatchEvent<T>> events)
    {
        while (_broken is null && buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            if (line.Length == 0) continue;
            try
            {
                events.Add(Parse(line));
            }
            catch (Exception garbage) when (garbage is JsonException or KubeException or InvalidOperationException)
            {
                _broken = garbage;
            }
        }
        return buffer;
    }

    private WatchEvent<T> Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        string? type = null;
        Utf8JsonReader body = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a line of a watch that is no event");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isObject) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("object"u8));
            reader.Read();
            if (isType) type = reader.GetString();
            if (isObject) body = reader;
            reader.Skip();
        }
        if (body.TokenType != JsonTokenType.StartObject) throw new JsonException("an event without an object");
        if (type == "ERROR") throw new KubeException(JsonSerializer.Deserialize(ref body, KubeJson.Of<Status>()) ?? new Status(), "WATCH " + kind);
        if (!Enum.TryParse<WatchEventType>(type, ignoreCase: true, out var known)) throw new JsonException($"an event of unknown type '{type}'");
        return new(known, JsonSerializer.Deserialize(ref body, kind.Json) ?? throw new JsonException("an event without an object"));
    }
}
