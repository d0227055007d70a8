using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.TopoLvm.Scheduling;

// Small changes to a text that a person has written: one value after the other is replaced, added or taken out where it
// stands, and the text is read again in between, so that no change has to know of another.

/// <summary>Changes single values in <c>scheduler-options.yaml</c> and leaves every other character.</summary>
internal sealed class SchedulerOptionsEdit(string text)
{
    private string _text = text;

    /// <summary>The changed text, or null when a value stands in a form that cannot be changed safely.</summary>
    public string? Apply(SchedulerOptions before, SchedulerOptions after)
    {
        var isDone = (before.Listen == after.Listen || SetScalar("listen", Yaml.Text(after.Listen)))
            && (before.DefaultDivisor.Equals(after.DefaultDivisor) || SetScalar("default-divisor", SchedulerOptions.Text(after.DefaultDivisor)))
            && before.Divisors.Keys.Where(name => !after.Divisors.ContainsKey(name)).All(Remove)
            && after.Divisors.Where(one => !before.Divisors.TryGetValue(one.Key, out var old) || !old.Equals(one.Value))
                .All(one => SetDivisor(one.Key, SchedulerOptions.Text(one.Value)));
        return isDone ? _text : null;
    }

    private bool SetScalar(string key, string value)
    {
        if (Root() is not { } root) return AddLines(0, $"{key}: {value}");
        if (SchedulerOptionsFile.Entry(root, key) is { } entry) return Replace(entry.Value, value);
        if (root.Style == MappingStyle.Flow) return Insert(root.Start.Index + 1, $"{key}: {value}{(root.Children.Count > 0 ? ", " : "")}");
        return AddLines(IndentOf(root), $"{key}: {value}");
    }

    private bool SetDivisor(string name, string value)
    {
        var line = Yaml.Text(name) + ": " + value;
        if (Root() is not { } root) return AddLines(0, "divisors:", "  " + line);
        if (SchedulerOptionsFile.Entry(root, "divisors") is not { } entry)
        {
            return root.Style == MappingStyle.Flow
                ? Insert(root.Start.Index + 1, $"divisors: {{{line}}}{(root.Children.Count > 0 ? ", " : "")}")
                : AddLines(IndentOf(root), "divisors:", "  " + line);
        }
        if (SchedulerOptionsFile.IsNull(entry.Value))
        {
            return root.Style == MappingStyle.Flow || entry.Value.End.Index > entry.Value.Start.Index
                ? Replace(entry.Value, $"{{{line}}}") : InsertLineAfter(entry.Key, IndentOf(root) + 2, line);
        }
        if (entry.Value is not YamlMappingNode divisors) return false;
        if (Find(divisors, name) is { } found) return Replace(found.Value, value);
        if (divisors.Style == MappingStyle.Flow) return Insert(divisors.Start.Index + 1, line + (divisors.Children.Count > 0 ? ", " : ""));
        return InsertLineAfter(divisors.Children.Last().Value, IndentOf(divisors), line);
    }

    /// <summary>Takes a divisor's line out; of a map within braces, the map is written anew.</summary>
    private bool Remove(string name)
    {
        if (Root() is not { } root || SchedulerOptionsFile.Entry(root, "divisors")?.Value is not YamlMappingNode divisors || Find(divisors, name) is not { } entry) return false;
        if (divisors.Style == MappingStyle.Flow)
        {
            var rest = divisors.Children.Where(other => other.Key != entry.Key).Select(other => Source(other.Key) + ": " + Source(other.Value));
            return !Source(divisors).Contains('#', StringComparison.Ordinal) && Replace(divisors, "{" + string.Join(", ", rest) + "}");
        }
        var start = LineStart(entry.Key.Start.Index);
        if (_text[(int)start..(int)entry.Key.Start.Index].Trim().Length > 0) return false;
        return Change(start, LineEnd(entry.Value.End.Index), "");
    }

    private static KeyValuePair<YamlNode, YamlNode>? Find(YamlMappingNode mapping, string key) =>
        mapping.Children.Where(entry => SchedulerOptionsFile.KeyOf(entry.Key) == key).Select(entry => (KeyValuePair<YamlNode, YamlNode>?)entry).FirstOrDefault();

    private YamlMappingNode? Root()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(_text));
        return stream.Documents is [var only] ? only.RootNode as YamlMappingNode : null;
    }

    private static int IndentOf(YamlMappingNode mapping) => (int)mapping.Children.First().Key.Start.Column - 1;

    private bool Replace(YamlNode node, string value)
    {
        if (!node.Anchor.IsEmpty || node is YamlScalarNode { Style: ScalarStyle.Literal or ScalarStyle.Folded }) return false;
        // A value that is left out ends where its colon does.
        return Change(node.Start.Index, EndOf(node), node.Start.Index == EndOf(node) ? " " + value : value);
    }

    private bool InsertLineAfter(YamlNode node, int indent, string line)
    {
        var end = LineEnd(node.End.Index);
        var isLast = end == _text.Length && !_text.EndsWith('\n');
        return Change(end, end, (isLast ? "\n" : "") + new string(' ', indent) + line + "\n");
    }

    private bool AddLines(int indent, params string[] lines)
    {
        var separator = _text.Length > 0 && !_text.EndsWith('\n') ? "\n" : "";
        return Change(_text.Length, _text.Length, separator + string.Concat(lines.Select(line => new string(' ', indent) + line + "\n")));
    }

    private bool Insert(long at, string what) => Change(at, at, what);

    private bool Change(long start, long end, string value)
    {
        _text = _text[..(int)start] + value + _text[(int)end..];
        return true;
    }

    private string Source(YamlNode node) => _text[(int)node.Start.Index..(int)EndOf(node)];

    /// <summary>A mapping's own end is that of its first character; one within braces ends at the next brace after its last value.</summary>
    private long EndOf(YamlNode node) => node is YamlMappingNode { Style: MappingStyle.Flow } flow
        ? _text.IndexOf('}', (int)(flow.Children.LastOrDefault().Value ?? flow).End.Index) + 1 : node.End.Index;

    private long LineStart(long index) => index == 0 ? 0 : _text.LastIndexOf('\n', (int)index - 1) + 1;

    /// <summary>Behind the end of the line.</summary>
    private long LineEnd(long index) => _text.IndexOf('\n', (int)index) is >= 0 and var found ? found + 1 : _text.Length;

    /// <summary>How texts are written so that YAML reads them as texts.</summary>
    private static class Yaml
    {
        public static string Text(string text) => Install.YamlText.Write(new JsonObject { ["k"] = text })["k: ".Length..].TrimEnd('\n');
    }
}
