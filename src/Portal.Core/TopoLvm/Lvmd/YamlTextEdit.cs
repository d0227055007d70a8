using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>One edit of a text whose parts are known; every method gives the new text, or null where it does not know how.</summary>
internal sealed class YamlTextEdit(string text, YamlPart? root)
{
    private readonly string _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    public string? Set(string[] path, JsonNode value)
    {
        var parent = Find(path.AsSpan(..^1));
        if (parent is null or YamlScalar { IsNull: true })
            return path.Length > 1 ? Set(path[..^1], new JsonObject { [path[^1]] = value.DeepClone() }) : AtEnd(path[0], value);
        if (parent.IsAlias) return null;
        if (parent is YamlList list) return Index(path[^1]) is var index && index < list.Items.Length ? Replace(list.Items[index], value) : null;
        if (parent is not YamlMap map) return null;
        var entry = map.Find(path[^1]);
        if (entry is null or { IsMerged: true }) return Add(map, path[^1], value);
        if (JsonNode.DeepEquals(YamlMeaning.Of(entry.Value), YamlMeaning.Of(value))) return text;
        return entry.Value switch
        {
            YamlScalar { IsNull: true } or YamlScalar when value is JsonArray or JsonObject => ReplaceEntry(map, entry, value),
            YamlScalar => Replace(entry.Value, value),
            YamlList { Items.Length: > 0 } old when value is JsonArray { Count: > 0 } items => SetItems(path, old, items),
            _ => ReplaceEntry(map, entry, value),
        };
    }

    public string? Remove(string[] path)
    {
        var parent = Find(path.AsSpan(..^1));
        if (parent is null or { IsAlias: true }) return parent is null ? text : null;
        if (parent is YamlList list) return Index(path[^1]) is var index && index < list.Items.Length ? RemoveItem(list, index) : null;
        if (parent is not YamlMap map || map.Find(path[^1]) is not { } entry) return text;
        if (entry.IsMerged || RemoveEntry(map, entry, path.Length == 1) is not { } removed) return null;
        // An earlier entry of the same key would come to count.
        return new YamlTextEdit(removed, YamlTree.Read(removed)).Remove(path);
    }

    public string? Append(string[] path, JsonNode item)
    {
        if (Find(path) is not YamlList { Items.Length: > 0 } list) return Find(path) is null or YamlScalar or YamlList ? Set(path, new JsonArray(item.DeepClone())) : null;
        if (list.IsAlias) return null;
        if (list.IsFlow) return Insert(EndOf(list.Items[^1]), ", " + YamlSyntax.Flow(item));
        var indent = (int)list.Start.Column - 1;
        return Insert(LineEnd(EndOf(list.Items[^1])), _newLine + new string(' ', indent) + YamlSyntax.Item(item, indent, _newLine));
    }

    private YamlPart? Find(ReadOnlySpan<string> path)
    {
        var at = root;
        foreach (var step in path)
        {
            at = at switch
            {
                YamlMap map => map.Find(step)?.Value,
                YamlList list => Index(step) is var index && index < list.Items.Length ? list.Items[index] : null,
                _ => null,
            };
        }
        return at;
    }

    private string? Add(YamlMap map, string key, JsonNode value)
    {
        var own = map.Entries.Where(entry => !entry.IsMerged).ToList();
        if (map.IsFlow)
        {
            var entry = YamlSyntax.Scalar(JsonValue.Create(key)) + ": " + YamlSyntax.Flow(value);
            return own.Count == 0 ? Insert((int)map.Start.Index + 1, entry) : Insert(EndOf(own[^1].Value), ", " + entry);
        }
        var indent = (int)map.Start.Column - 1;
        return Insert(LineEnd(EndOf(own[^1].Value)), _newLine + new string(' ', indent) + YamlSyntax.Entry(key, value, indent, _newLine));
    }

    private string AtEnd(string key, JsonNode value) =>
        text + (text.Length == 0 || text.EndsWith('\n') ? "" : _newLine) + YamlSyntax.Entry(key, value, 0, _newLine) + _newLine;

    private string? Replace(YamlPart old, JsonNode value)
    {
        if (old.IsAlias || value is JsonArray or JsonObject) return null;
        var (start, end) = ((int)old.Start.Index, EndOf(old));
        var written = value.GetValueKind() == JsonValueKind.String && start < end
            ? text[start] switch
            {
                '"' => YamlSyntax.Quoted(value.GetValue<string>()),
                '\'' => YamlSyntax.SingleQuoted(value.GetValue<string>()),
                _ => YamlSyntax.Scalar(value),
            }
            : YamlSyntax.Scalar(value);
        return text[..start] + (start == end ? " " : "") + written + text[end..];
    }

    private string? ReplaceEntry(YamlMap map, YamlEntry entry, JsonNode value)
    {
        if (entry.Value.IsAlias) return null;
        var (start, end) = ((int)entry.Key.Start.Index, EndOf(entry.Value));
        var written = map.IsFlow
            ? YamlSyntax.Scalar(JsonValue.Create(entry.Name)) + ": " + YamlSyntax.Flow(value)
            : YamlSyntax.Entry(entry.Name, value, (int)map.Start.Column - 1, _newLine);
        return text[..start] + written + text[end..];
    }

    private string? SetItems(string[] path, YamlList old, JsonArray items)
    {
        var edited = text;
        for (var i = 0; i < items.Count; i++)
        {
            var step = new YamlTextEdit(edited, YamlTree.Read(edited));
            var next = i < old.Items.Length ? step.SetItem([.. path, i.ToString(CultureInfo.InvariantCulture)], items[i]!) : step.Append(path, items[i]!);
            if (next is null) return null;
            edited = next;
        }
        for (var i = old.Items.Length - 1; i >= items.Count; i--)
        {
            if (new YamlTextEdit(edited, YamlTree.Read(edited)).Remove([.. path, i.ToString(CultureInfo.InvariantCulture)]) is not { } next) return null;
            edited = next;
        }
        return edited;
    }

    private string? SetItem(string[] path, JsonNode value) =>
        Find(path) is { } item && JsonNode.DeepEquals(YamlMeaning.Of(item), YamlMeaning.Of(value)) ? text : Set(path, value);

    private string? RemoveEntry(YamlMap map, YamlEntry entry, bool isRoot)
    {
        var own = map.Entries.Where(one => !one.IsMerged).ToList();
        var at = own.IndexOf(entry);
        var (start, end) = ((int)entry.Key.Start.Index, EndOf(entry.Value));
        if (map.IsFlow) return RemoveBetweenCommas([.. own.Select(one => ((int)one.Key.Start.Index, EndOf(one.Value)))], at);
        if (own.Count == 1 && !isRoot) return text[..start] + "{}" + text[end..];
        if (IsBlank(LineStart(start), start)) return text[..LineStart(start)] + text[NextLine(end)..];
        if (at + 1 == own.Count) return null;
        // The first entry of a list's item shares its line with the hyphen.
        var next = (int)own[at + 1].Key.Start.Index;
        return IsBlank(end, next) ? text[..start] + text[next..] : text[..start].TrimEnd(' ') + text[end..];
    }

    private string? RemoveItem(YamlList list, int index)
    {
        var (start, end) = ((int)list.Items[index].Start.Index, EndOf(list.Items[index]));
        if (list.IsFlow) return RemoveBetweenCommas([.. list.Items.Select(item => ((int)item.Start.Index, EndOf(item)))], index);
        if (HyphenBefore(start, (int)list.Start.Column - 1) is not { } hyphen) return null;
        return list.Items.Length == 1 ? WithoutOnlyItem(hyphen, end) : text[..LineStart(hyphen)] + text[NextLine(end)..];
    }

    private string WithoutOnlyItem(int hyphen, int end)
    {
        var above = text[..LineStart(hyphen)].TrimEnd(' ', '\r', '\n');
        // Behind a comment there is no room for a value; a line of its own is.
        return text[(text.LastIndexOf('\n', Math.Max(0, above.Length - 1)) + 1)..above.Length].Contains('#', StringComparison.Ordinal)
            ? text[..hyphen] + "  []" + text[end..]
            : above + " []" + text[end..];
    }

    // Between an item's hyphen and the item there may be lines with comments.
    private int? HyphenBefore(int position, int column)
    {
        for (var line = LineStart(position); ; line = LineStart(line - 1))
        {
            if (line + column <= position && text[line + column] == '-' && IsBlank(line, line + column)) return line + column;
            if (line == 0) return null;
        }
    }

    private string RemoveBetweenCommas((int Start, int End)[] parts, int index)
    {
        if (index < parts.Length - 1) return text[..parts[index].Start] + text[parts[index + 1].Start..];
        return text[..(index == 0 ? parts[index].Start : parts[index - 1].End)] + text[parts[index].End..];
    }

    private string Insert(int position, string inserted) => text[..position] + inserted + text[position..];

    // The mark behind a literal block is after the empty lines that follow it.
    private int EndOf(YamlPart part)
    {
        var end = (int)part.End.Index;
        while (end > (int)part.Start.Index && char.IsWhiteSpace(text[end - 1])) end--;
        return end;
    }

    private int LineStart(int position) => position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;

    private int NextLine(int position) => text.IndexOf('\n', position) is >= 0 and var at ? at + 1 : text.Length;

    private int LineEnd(int position)
    {
        var end = text.IndexOf('\n', position);
        return end < 0 ? text.Length : end > 0 && text[end - 1] == '\r' ? end - 1 : end;
    }

    private bool IsBlank(int from, int to) => text.AsSpan(from, to - from).IsWhiteSpace();

    private static int Index(string step) => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue;
}
