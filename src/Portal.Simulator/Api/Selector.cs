using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Simulator.Api;

/// <summary>A label selector: requirements that must all hold.</summary>
internal sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    private readonly ImmutableArray<Func<ImmutableDictionary<string, string>, bool>> _requirements;

    private LabelSelector(ImmutableArray<Func<ImmutableDictionary<string, string>, bool>> requirements) => _requirements = requirements;

    public bool IsEverything => _requirements.IsEmpty;

    public bool Matches(ImmutableDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
            if (!requirement(labels)) return false;
        return true;
    }

    /// <summary>Reads the API's syntax: "a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1".</summary>
    /// <exception cref="RefusalException">400 for anything else.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Everything : new([.. SplitOutsideParentheses(text).Select(Requirement)]);

    private static Func<ImmutableDictionary<string, string>, bool> Requirement(string text)
    {
        var part = text.Trim();
        if (part.Length == 0) throw Unparsable(text);
        if (part[0] == '!' && IsName(part[1..].Trim())) { var absent = part[1..].Trim(); return labels => !labels.ContainsKey(absent); }
        foreach (var (symbol, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            if (part.IndexOf(symbol, StringComparison.Ordinal) is not (> 0 and var at)) continue;
            var (key, value) = (NameOf(part[..at], text), part[(at + symbol.Length)..].Trim());
            if (value.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))) throw Unparsable(text);
            return labels => (labels.TryGetValue(key, out var found) && found == value) == equal;
        }
        if (part.IndexOfAny(['<', '>']) is > 0 and var compared) return Comparison(part, compared, text);
        if (part.EndsWith(')')) return Membership(part, text);
        var present = NameOf(part, text);
        return labels => labels.ContainsKey(present);
    }

    private static Func<ImmutableDictionary<string, string>, bool> Comparison(string part, int at, string text)
    {
        var key = NameOf(part[..at], text);
        if (!long.TryParse(part[(at + 1)..].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bound)) throw Unparsable(text);
        var greater = part[at] == '>';
        return labels => labels.TryGetValue(key, out var found)
            && long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && (greater ? number > bound : number < bound);
    }

    private static Func<ImmutableDictionary<string, string>, bool> Membership(string part, string text)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) throw Unparsable(text);
        var words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var name, "in" or "notin"]) throw Unparsable(text);
        var (key, isIn) = (NameOf(name, text), words[1] == "in");
        var values = part[(open + 1)..^1].Split(',').Select(value => value.Trim()).ToImmutableHashSet();
        return labels => (labels.TryGetValue(key, out var found) && values.Contains(found)) == isIn;
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            if (text[i] == ')') depth--;
            if (text[i] != ',' || depth != 0) continue;
            yield return text[start..i];
            start = i + 1;
        }
        yield return text[start..];
    }

    private static string NameOf(string text, string whole) => IsName(text.Trim()) ? text.Trim() : throw Unparsable(whole);

    private static bool IsName(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') && char.IsAsciiLetterOrDigit(text[0]);

    private static RefusalException Unparsable(string text) =>
        Refusal.BadRequest($"unable to parse requirement: found '{text.Trim()}', expected: a key, an operator and values");
}

/// <summary>A field selector of one resource: "metadata.name=x,spec.nodeName!=y".</summary>
internal sealed class FieldSelector
{
    private readonly ImmutableArray<(string Field, string Value, bool Equal, int Index)> _terms;

    private FieldSelector(ImmutableArray<(string, string, bool, int)> terms) => _terms = terms;

    public bool IsEverything => _terms.IsEmpty;

    /// <summary>The single object it can match, or null: what access rules call the resource name.</summary>
    public string? Name => _terms.Where(term => term is { Field: "metadata.name", Equal: true }).Select(term => term.Value).FirstOrDefault();

    /// <exception cref="RefusalException">400 when the resource has no such selectable field.</exception>
    public static FieldSelector Parse(string? text, ResourceType type)
    {
        if (string.IsNullOrEmpty(text)) return new([]);
        var terms = ImmutableArray.CreateBuilder<(string, string, bool, int)>();
        foreach (var part in text.Split(','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw Refusal.BadRequest($"invalid field selector: \"{text}\": can't understand '{part}'");
            var equal = part[at - 1] != '!';
            var field = part[..(equal ? at : at - 1)];
            var value = part[(at + 1)..].TrimStart('=');
            var index = type.SelectableFields.IndexOf(field);
            var known = index >= 0 || field == "metadata.name" || (field == "metadata.namespace" && type.Namespaced);
            if (!known) throw Refusal.BadRequest($"field label not supported: {field}");
            terms.Add((field, value, equal, index));
        }
        return new(terms.ToImmutable());
    }

    public bool Matches(StoredObject candidate)
    {
        foreach (var (field, value, equal, index) in _terms)
        {
            var actual = index >= 0 ? candidate.Fields[index] : field == "metadata.name" ? candidate.Name.Name : candidate.Name.Namespace;
            if (actual == value != equal) return false;
        }
        return true;
    }
}
