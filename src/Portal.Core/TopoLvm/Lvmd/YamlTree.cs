using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Core.TopoLvm.Lvmd;

// YAML with the place of every part in its text. Unlike a deserialised object it keeps what lvmd does not read, takes a key
// that is there twice as lvmd does (the last wins), and tells an editor where a value begins and ends.

/// <summary>A part of a YAML text; <see cref="Start"/> and <see cref="End"/> are where its own text begins and ends.</summary>
internal abstract record YamlPart(Mark Start, Mark End)
{
    public LvmdPlace Place => new((int)Start.Line, (int)Start.Column);

    /// <summary>Shares its content with an anchor elsewhere in the text, so it cannot be edited in place.</summary>
    public bool IsAlias { get; init; }
}

/// <summary>A value without structure. A plain one may mean a number, a flag or nothing; a quoted one is text.</summary>
internal sealed record YamlScalar(string Value, bool IsPlain, Mark Start, Mark End) : YamlPart(Start, End)
{
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record YamlList(ImmutableArray<YamlPart> Items, bool IsFlow, Mark Start, Mark End) : YamlPart(Start, End);

internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, bool IsFlow, Mark Start, Mark End) : YamlPart(Start, End)
{
    /// <summary>The entry that counts for a key: Go's decoder takes a key in any case, and the last of equal ones.</summary>
    public YamlEntry? Find(string key) =>
        Entries.LastOrDefault(entry => entry.Name == key) ?? Entries.LastOrDefault(entry => string.Equals(entry.Name, key, StringComparison.OrdinalIgnoreCase));
}

/// <param name="IsMerged">Comes from a mapping elsewhere through a merge key (&lt;&lt;).</param>
internal sealed record YamlEntry(YamlPart Key, YamlPart Value, bool IsMerged = false)
{
    public string Name => Key is YamlScalar scalar ? scalar.Value : "";
}

/// <summary>Reads the first document of a YAML text.</summary>
internal sealed class YamlTree
{
    // A file that nests deeper is no configuration, and would exhaust the stack.
    private const int DepthLimit = 64;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlPart> _anchors = [];

    private readonly string _text;

    private YamlTree(string text) => (_text, _parser) = (text, new(new StringReader(text)));

    /// <summary>The root, or null when the text holds no document; throws <see cref="YamlException"/> for what is not YAML.</summary>
    public static YamlPart? Read(string text)
    {
        var tree = new YamlTree(text);
        try
        {
            return tree.Root();
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException)
        {
            // The parser's own words for some texts that are no YAML.
            throw new SyntaxErrorException(tree._parser.Current?.Start ?? Mark.Empty, tree._parser.Current?.End ?? Mark.Empty, broken.Message);
        }
    }

    private YamlPart? Root()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _)) return null;
        var root = Next(0);
        _parser.Consume<DocumentEnd>();
        return root;
    }

    private YamlPart Next(int depth)
    {
        if (depth > DepthLimit) throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End, "nested too deeply");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var target)
                ? target with { Start = alias.Start, End = alias.End, IsAlias = true }
                : throw new AnchorNotFoundException(alias.Start, alias.End, $"*{alias.Value} refers to nothing");
        }
        var begin = _parser.Current as NodeEvent;
        YamlPart part = begin switch
        {
            Scalar scalar => Consumed(scalar),
            SequenceStart start => ListFrom(start, depth),
            MappingStart start => MapFrom(start, depth),
            _ => throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End, "a value is missing here"),
        };
        if (begin is { Anchor.IsEmpty: false }) _anchors[begin.Anchor] = part;
        return part;
    }

    private YamlScalar Consumed(Scalar scalar)
    {
        _parser.MoveNext();
        return new(scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty, scalar.Start, scalar.End);
    }

    private YamlList ListFrom(SequenceStart start, int depth)
    {
        _parser.MoveNext();
        var items = ImmutableArray.CreateBuilder<YamlPart>();
        while (_parser.Current is not SequenceEnd) items.Add(Next(depth + 1));
        var end = Behind(_parser.Consume<SequenceEnd>());
        var isFlow = start.Style == SequenceStyle.Flow;
        return new(items.ToImmutable(), isFlow, start.Start, isFlow || items.Count == 0 ? end : items[^1].End);
    }

    private YamlMap MapFrom(MappingStart start, int depth)
    {
        _parser.MoveNext();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        while (_parser.Current is not MappingEnd)
        {
            var key = Next(depth + 1);
            var value = Placed(Next(depth + 1), key);
            if (key is YamlScalar { Value: "<<", IsPlain: true }) entries.InsertRange(0, Merged(value));
            entries.Add(new(key, value));
        }
        var end = Behind(_parser.Consume<MappingEnd>());
        var isFlow = start.Style == MappingStyle.Flow;
        return new(entries.ToImmutable(), isFlow, start.Start, isFlow || entries.Count == 0 ? end : entries[^1].Value.End);
    }

    // The parser ends a value in brackets before its closing bracket.
    private Mark Behind(ParsingEvent end) => end.End.Index < _text.Length && _text[(int)end.End.Index] is ']' or '}'
        ? new(end.End.Index + 1, end.End.Line, end.End.Column + 1)
        : end.End;

    // The parser places a value that is not there at the next thing that is; it belongs behind its key.
    private YamlPart Placed(YamlPart value, YamlPart key)
    {
        if (value is not YamlScalar { IsPlain: true, Value: "" } || value.IsAlias) return value;
        var end = (int)key.End.Index;
        var colon = _text.AsSpan(end).IndexOf(':');
        var skipped = colon < 0 || !_text.AsSpan(end, colon).IsWhiteSpace() ? 0 : colon + 1;
        var mark = new Mark(end + skipped, key.End.Line, key.End.Column + skipped);
        return value with { Start = mark, End = mark };
    }

    private static IEnumerable<YamlEntry> Merged(YamlPart value) => value switch
    {
        YamlMap map => map.Entries.Select(entry => entry with { IsMerged = true }),
        // Of several mappings the first wins, so it comes last.
        YamlList list => list.Items.Reverse().SelectMany(Merged),
        _ => [],
    };
}
