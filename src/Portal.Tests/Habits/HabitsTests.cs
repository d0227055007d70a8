using System.Text.RegularExpressions;
using Portal.Tests.Testing;

namespace Portal.Tests.Habits;

/// <summary>What no compiler checks about the repository itself.</summary>
public sealed partial class HabitsTests
{
    private static readonly string[] NotOurs = ["/bin/", "/obj/", "/node_modules/", "/TestResults/", "/.git/"];
    private static readonly string[] Sources = [".cs", ".razor", ".js", ".css", ".sh"];

    [Fact]
    public void No_source_file_is_longer_than_300_lines() =>
        Assert.Empty(Files(Sources).Where(file => File.ReadLines(file).Count() > 300).Select(Shown));

    [Fact]
    public void No_type_is_named_by_a_word_that_says_nothing() =>
        Assert.Empty(Found([".cs", ".razor"], EmptyTypeName()));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Empty(Found(Sources, ForLater()));

    // A page that closes ends what it reads, never what its reader has decided: LiveComponent has one name for each.
    [Fact]
    public void What_a_person_decides_does_not_end_with_the_page() =>
        Assert.Empty(Found([".razor"], DecisionThatEnds()));

    // What a field shows and what is told of it belong together (@bind): a text that is only rendered is written over what was typed meanwhile.
    [Fact]
    public void What_is_typed_is_bound_and_not_only_rendered() =>
        Assert.Empty(
            from file in Files([".razor"])
            from Match field in TypedInto().Matches(File.ReadAllText(file))
            where !NotTyped().IsMatch(field.Value) && FollowedText().IsMatch(field.Value)
            select Shown(file) + ": " + field.Value);

    [Fact]
    public void Every_text_file_has_its_chinese_twin() =>
        Assert.Empty(Files([".resx"])
            .Where(file => !file.EndsWith(".zh-CN.resx", StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(file, ".zh-CN.resx")))
            .Select(Shown));

    [Fact]
    public void Every_link_in_a_document_leads_somewhere()
    {
        var broken =
            from file in Files([".md"])
            from link in MarkdownLink().Matches(File.ReadAllText(file))
            let target = Uri.UnescapeDataString(link.Groups[1].Value)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target))
            select Shown(file) + " -> " + target;
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_file_that_the_architecture_points_to_is_there()
    {
        var missing =
            from row in File.ReadLines(Path.Combine(Repository.Root, "docs", "architecture.md"))
            where row.StartsWith("| ", StringComparison.Ordinal)
            from name in QuotedFile().Matches(row).Select(quoted => quoted.Groups[1].Value)
            where !IsThere(name)
            select name;
        Assert.Empty(missing);
    }

    // A name alone stands in the folder that was named before it; the projects are named without "src/Portal.".
    private static bool IsThere(string name) => name.Contains('/', StringComparison.Ordinal)
        ? new[] { "", "src/", "src/Portal." }.Any(root => Path.Exists(Path.Combine(Repository.Root, root + name)))
        : Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), name, SearchOption.AllDirectories).Any();

    private static IEnumerable<string> Files(string[] endings) =>
        Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Where(file => endings.Contains(Path.GetExtension(file)) && !NotOurs.Any(file.Contains));

    private static IEnumerable<string> Found(string[] endings, Regex what) =>
        from file in Files(endings)
        where !file.EndsWith(nameof(HabitsTests) + ".cs", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where what.IsMatch(line)
        select Shown(file) + ": " + line.Trim();

    private static string Shown(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex("""\b(class|record|struct|interface|enum) \w*(Helpers?|Manager|Utils?|Processor|Info|Data)\b""")]
    private static partial Regex EmptyTypeName();

    [GeneratedRegex("""\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b""")]
    private static partial Regex ForLater();

    [GeneratedRegex("""\.Name, Closing\b|(Delete|Revoke|End\w*|Save|Start|Create|Resume|Change)Async\(.*\bClosing\b|\bCancellationToken\.None\b""")]
    private static partial Regex DecisionThatEnds();

    // An attribute may hold ">", as in "=>".
    [GeneratedRegex("""<(input|textarea)\b(?:"[^"]*"|[^">])*>""")]
    private static partial Regex TypedInto();

    [GeneratedRegex("""type="(radio|checkbox|hidden)\b""")]
    private static partial Regex NotTyped();

    [GeneratedRegex("""(?<![\w:-])value="@""")]
    private static partial Regex FollowedText();

    [GeneratedRegex("""`([\w.-]+/[\w./-]*|\w+\.cs)`""")]
    private static partial Regex QuotedFile();

    // Relative targets only, without their anchor.
    [GeneratedRegex("""\]\((?![a-z]+:|#)([^)#\s]+)(#[^)]*)?\)""")]
    private static partial Regex MarkdownLink();
}
