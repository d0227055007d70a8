using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Portal.Core.Texts;

// A sentence for a person, kept as key and arguments until somebody reads it. The engine that makes it does not know the
// reader's language; the journal stores it; two people may read the same step in two languages at the same time.

/// <summary>One argument of a message: plain text, or another message.</summary>
public sealed record MessageArgument(string Name, string? Text, Message? Nested = null);

/// <summary>A translatable sentence: where its text is found, and what fills its placeholders.</summary>
public sealed record Message(string Source, string Key, ImmutableArray<MessageArgument> Arguments)
{
    private static readonly ConcurrentDictionary<string, TextCatalog> Catalogs = new();

    /// <summary>Called by the generated text classes.</summary>
    public static Message Of(string source, string key, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var kept = ImmutableArray.CreateBuilder<MessageArgument>(arguments.Length);
        foreach (var (name, value) in arguments)
            kept.Add(value is Message nested ? new(name, null, nested) : new(name, Convert.ToString(value, CultureInfo.InvariantCulture)));
        return new(source, key, kept.ToImmutable());
    }

    /// <summary>A text that has no translation: output of a tool, or a message of the API server.</summary>
    public static Message Verbatim(string text) => new("", text, []);

    public string In(CultureInfo culture)
    {
        if (Source.Length == 0) return Key;
        var catalog = Catalogs.GetOrAdd(Source, static source => new(source, typeof(Message).Assembly));
        var values = new (string, object?)[Arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (Arguments[i].Name, Arguments[i].Nested?.In(culture) ?? Arguments[i].Text);
        return catalog.Format(culture, Key, values);
    }

    /// <summary>The sentence in English, for logs.</summary>
    [JsonIgnore]
    public string English => In(CultureInfo.InvariantCulture);

    /// <summary>The sentence in the reader's language: what a page shows.</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture);

    public bool Equals(Message? other) =>
        other is not null && Source == other.Source && Key == other.Key && Arguments.AsSpan().SequenceEqual(other.Arguments.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Source, Key, Arguments.Length);
}
