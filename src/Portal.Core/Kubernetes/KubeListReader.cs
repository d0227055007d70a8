using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text.Json;

namespace Portal.Core.Kubernetes;

/// <summary>Reads the page of a list straight from pooled network buffers into records.</summary>
internal static class KubeListReader
{
    public static async ValueTask<KubeList<T>> ReadAsync<T>(KubeKind<T> kind, Stream body, CancellationToken cancel) where T : IKubeObject
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            ReadResult read;
            while (!(read = await pipe.ReadAsync(cancel)).IsCompleted) pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return Parse(kind, read.Buffer);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static KubeList<T> Parse<T>(KubeKind<T> kind, ReadOnlySequence<byte> page) where T : IKubeObject
    {
        var reader = new Utf8JsonReader(page);
        ListMetadata? metadata = null;
        var items = ImmutableArray<T>.Empty;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("not a list");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isMetadata, isItems) = (reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("items"u8));
            reader.Read();
            if (isMetadata) metadata = JsonSerializer.Deserialize(ref reader, KubeJson.Of<ListMetadata>());
            else if (isItems && reader.TokenType == JsonTokenType.StartArray) items = ParseItems(kind, ref reader);
            else reader.Skip();
        }
        if (metadata is null) throw new JsonException("a list without metadata");
        return new(items, metadata.ResourceVersion, string.IsNullOrEmpty(metadata.Continue) ? null : metadata.Continue);
    }

    private static ImmutableArray<T> ParseItems<T>(KubeKind<T> kind, ref Utf8JsonReader reader) where T : IKubeObject
    {
        var items = ImmutableArray.CreateBuilder<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = JsonSerializer.Deserialize(ref reader, kind.Json) ?? throw new JsonException("null in a list");
            // Items of a list of a built-in kind do not repeat the list's apiVersion and kind; a document needs them.
            if (item is KubeObject { Kind.Length: 0 } document) (document.Json["apiVersion"], document.Json["kind"]) = (kind.ApiVersion, kind.Kind);
            items.Add(item);
        }
        return items.DrainToImmutable();
    }

    private sealed record ListMetadata
    {
        public string ResourceVersion { get; init; } = "";
        public string? Continue { get; init; }
    }
}
