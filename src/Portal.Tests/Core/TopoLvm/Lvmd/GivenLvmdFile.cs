using CsCheck;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

/// <summary>Files as people write them: in every order and style, with comments and keys that lvmd does not know.</summary>
internal static class GivenLvmdFile
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefghijkxyz0123456789-_."], 0, 8].Select(rest => "k" + rest + "z");

    private static readonly Gen<string> Written = Gen.Select(Word, Gen.Int[0, 3], (word, style) => style switch
    {
        0 => $"\"{word}\"",
        1 => $"'{word}'",
        _ => word,
    });

    private static readonly Gen<string> Trailing = Gen.Frequency((4, Gen.Const("")), (2, Word.Select(word => "  # " + word + ": end, of it")), (1, Gen.Const("   ")));

    private static readonly Gen<string[]> Above = Gen.Frequency((5, Gen.Const(Array.Empty<string>())), (1, Word.Select(word => new[] { "# - " + word + ": above" })),
        (1, Gen.Const(new[] { "" })));

    private static readonly Gen<string> Options = Gen.OneOf(
        Written.Array[0, 3].Select(words => " [" + string.Join(", ", words) + "]"),
        Written.Array[1, 3].Select(words => string.Concat(words.Select(word => "\n- " + word))));

    private static readonly Gen<string> Unknown = Gen.OneOf(Written.Select(word => " " + word), Written.Select(word => "\n  deep: " + word + "  # deep comment\n  deeper: [1, 2]"),
        Word.Select(word => " |\n  " + word + "\n  # not a comment"), Gen.Const(" >-\n  folded\n  text"), Gen.Const(""));

    private static readonly Gen<string> Pool = Gen.OneOf(
        Gen.Select(Written, Gen.Int[1, 9], (name, ratio) => $" {{name: {name}, overprovision-ratio: {ratio}.5}}"),
        Gen.Select(Written, Trailing, Gen.Int[1, 9], (name, note, ratio) => $"{note}\n  name: {name}{note}\n  # which pool\n  overprovision-ratio: {ratio}"));

    // Each line after the first is indented under the entry later.
    private static readonly Gen<string>[] Fields =
    [
        Written.Select(value => "volume-group: " + value), Gen.OneOf("default: true", "default: yes", "default: false", "default:"),
        Gen.Int[0, 40].Select(value => "spare-gb: " + value), Gen.Int[2, 9].Select(value => "stripe: " + value), Written.Select(value => "stripe-size: " + value),
        Options.Select(value => "lvcreate-options:" + value), Gen.OneOf("type: thin", "type: \"thick\"", "type: ''"), Pool.Select(value => "thin-pool:" + value),
        Gen.Select(Word, Unknown, (key, value) => "x-" + key + ":" + value),
    ];

    private static readonly Gen<string[]> Class =
        from name in Written
        from fields in Gen.OneOf(Fields).Select(field => field).Array[0, 6]
        from order in Gen.Int[0, 6]
        from above in Above.Array[7]
        from end in Trailing.Array[7]
        let unique = fields.DistinctBy(field => field.Split(':')[0]).ToList()
        select Lines(unique, Math.Min(order, unique.Count), "name: " + name, above, end);

    public static readonly Gen<string> Any =
        from classes in Class.Array[1, 4]
        from indent in Gen.Int[0, 3]
        from top in Gen.OneOf("", "# the file\n", "---\n", "socket-name: /run/topolvm/lvmd.sock  # socket\n", "x-unknown: {a: [b, c]}\n")
        from bottom in Gen.OneOf("", "# the end\n", "lvcreate-option-classes:\n- name: raid\n  options: [--type=raid1]\n", "\n\n")
        from windows in Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))
        from ending in Gen.Bool
        let lines = classes.SelectMany(lines => lines.Select((line, at) => new string(' ', indent) + (at == 0 ? "- " : "  ") + line))
        let text = top + "device-classes:\n" + string.Join("\n", lines) + "\n" + bottom
        select (windows ? text.Replace("\n", "\r\n") : text) is var whole && (ending || HasBlockText(whole)) ? whole : whole.TrimEnd('\r', '\n');

    public static readonly Gen<string> Name = Word;

    // Such a text at the end of a file says something else with a line break behind it: there an edit has no way, and says so.
    private static bool HasBlockText(string text) => text.Contains(": |", StringComparison.Ordinal);

    private static string[] Lines(List<string> fields, int at, string name, string[][] above, string[] end)
    {
        fields.Insert(at, name);
        // The first line of an entry follows its hyphen; comments come after that.
        return [.. fields.SelectMany((field, i) => (i == 0 ? [] : above[i]).Concat(WithEnd(field, end[i])))];
    }

    private static string[] WithEnd(string field, string end)
    {
        var lines = field.Split('\n');
        if (!lines[0].EndsWith('|') && !lines[0].EndsWith('-')) lines[0] += end;
        return lines;
    }
}
