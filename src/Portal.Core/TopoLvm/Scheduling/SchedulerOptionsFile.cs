using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Texts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.TopoLvm.Scheduling;

// topolvm-scheduler turns the YAML into JSON and reads that into its configuration: unknown keys are skipped, null leaves the
// default, a number in quotes is a text and ends the program. What it would refuse or misread is a problem here.

/// <summary>The text of <c>scheduler-options.yaml</c> and what it says.</summary>
public sealed class SchedulerOptionsFile
{
    private SchedulerOptionsFile(string text, SchedulerOptions options, ImmutableArray<OptionsFileProblem> problems) =>
        (Text, Options, Problems) = (text, options, problems);

    public string Text { get; }

    /// <summary>What could be read; a value with a problem has its default.</summary>
    public SchedulerOptions Options { get; }

    public ImmutableArray<OptionsFileProblem> Problems { get; }

    public static SchedulerOptionsFile Parse(string text)
    {
        var reading = new Reading();
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 1) reading.Add(stream.Documents[1].RootNode.Start, SchedulingTexts.OneDocument);
            else if (stream.Documents is [var only] && !IsNull(only.RootNode)) reading.Root(only.RootNode);
        }
        catch (YamlException broken)
        {
            reading.Broken(text, broken);
        }
        return new(text, reading.Options, [.. reading.Problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    /// <summary>The same text saying other options, comments and unknown keys where they were; null when the file is written in a way in which
    /// only a person should change it.</summary>
    public string? With(SchedulerOptions options)
    {
        if (!Problems.IsEmpty) return null;
        try
        {
            var edited = new SchedulerOptionsEdit(Text).Apply(Options, options);
            // The proof of an edit is that the result reads as what was wanted.
            return edited is not null && Parse(edited) is { Problems.IsEmpty: true } read && read.Options == options ? edited : null;
        }
        catch (YamlException)
        {
            // A value that stands in an unusual form: the text between two changes is no YAML.
            return null;
        }
    }

    internal static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "Null" or "NULL" or "~" };

    /// <summary>The value of a key; Go reads keys without regard to case where none fits exactly.</summary>
    internal static KeyValuePair<YamlNode, YamlNode>? Entry(YamlMappingNode mapping, string key) =>
        mapping.Children.Where(entry => KeyOf(entry.Key) is { } name && string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(entry => KeyOf(entry.Key) == key).Select(entry => (KeyValuePair<YamlNode, YamlNode>?)entry).FirstOrDefault();

    internal static string? KeyOf(YamlNode key) => (key as YamlScalarNode)?.Value;

    /// <summary>One pass over the document.</summary>
    private sealed class Reading
    {
        public SchedulerOptions Options { get; private set; } = SchedulerOptions.Default;

        public List<OptionsFileProblem> Problems { get; } = [];

        public void Add(Mark at, Message text) => Problems.Add(new((int)at.Line, (int)at.Column, text));

        /// <summary>The parser points at the mapping around a tab; a person looks for the tab itself.</summary>
        public void Broken(string text, YamlException broken)
        {
            var tab = text.Split('\n').Index().FirstOrDefault(line => line.Item.TrimStart(' ').StartsWith('\t'));
            Problems.Add(tab.Item is null
                ? new((int)broken.Start.Line, (int)broken.Start.Column, SchedulingTexts.NotYaml(broken.Message))
                : new(tab.Index + 1, tab.Item.IndexOf('\t', StringComparison.Ordinal) + 1, SchedulingTexts.TabIndent));
        }

        public void Root(YamlNode root)
        {
            if (root is not YamlMappingNode mapping)
            {
                Add(root.Start, SchedulingTexts.NotMapping);
                return;
            }
            if (Value(mapping, "listen") is { } listen) Keep("listen", listen, TextOf(listen) is { } text ? Options with { Listen = text } : null);
            if (Value(mapping, "default-divisor") is { } general) Keep("default-divisor", general, NumberOf(general, "default-divisor") is { } number ? Options with { DefaultDivisor = number } : null);
            if (Value(mapping, "divisors") is { } divisors) Divisors(divisors);
        }

        private void Divisors(YamlNode node)
        {
            if (node is not YamlMappingNode divisors)
            {
                Add(node.Start, SchedulingTexts.DivisorsNotMapping);
                return;
            }
            foreach (var (key, value) in divisors)
            {
                if (KeyOf(key) is not { } name) Add(key.Start, SchedulingTexts.DivisorsNotMapping);
                // In a map of numbers null is 0.
                else if (IsNull(value)) Add(key.Start, SchedulingTexts.BadDivisor(name, "0"));
                else Keep("divisors/" + name, value, NumberOf(value, name) is { } number ? Options with { Divisors = Options.Divisors.SetItem(name, number) } : null);
            }
        }

        /// <summary>Takes the options with one value more, unless the value cannot be used.</summary>
        private void Keep(string field, YamlNode at, SchedulerOptions? read)
        {
            if (read is null) return;
            if (read.Check().FirstOrDefault(problem => problem.Field == field) is { } problem) Add(at.Start, problem.Text);
            else Options = read;
        }

        private static YamlNode? Value(YamlMappingNode mapping, string key) => Entry(mapping, key) is { } entry && !IsNull(entry.Value) ? entry.Value : null;

        private string? TextOf(YamlNode node)
        {
            if (node is YamlScalarNode { Value: { } text } scalar && (scalar.Style != ScalarStyle.Plain || !IsNumber(text, out _))) return text;
            Add(node.Start, SchedulingTexts.ListenNotText);
            return null;
        }

        private double? NumberOf(YamlNode node, string name)
        {
            if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } && IsNumber(text, out var number)) return number;
            Add(node.Start, SchedulingTexts.NotNumber(name, (node as YamlScalarNode)?.Value ?? "…"));
            return null;
        }

        private static bool IsNumber(string text, out double number) =>
            double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' or 'e' or 'E');
    }
}

/// <summary>A place in the file that topolvm-scheduler would refuse or misread.</summary>
/// <param name="Line">1 for the first line.</param>
/// <param name="Column">1 for the first character.</param>
public sealed record OptionsFileProblem(int Line, int Column, Message Text)
{
    /// <summary>The sentence with its place.</summary>
    public Message WithPlace => SchedulingTexts.ProblemAt(Line, Column, Text);
}
