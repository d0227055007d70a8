using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class SchedulerOptionsEditTests
{
    private static readonly Gen<string> Names = Gen.OneOf("ssd", "hdd", "nvme", "00default", "1", "1.0", "true", "no", "a-b.c_d", "null");
    private static readonly Gen<double> Numbers = Gen.OneOf(Gen.Int[1, 2000].Select(whole => (double)whole), Gen.OneOf(0.5, 0.001, 2.25, 1e-7, 1e20));
    private static readonly Gen<ImmutableSortedDictionary<string, double>> Divisors = Gen.Select(Names, Numbers).Array[0, 5]
        .Select(pairs => pairs.Aggregate(SchedulerOptions.Default.Divisors, (made, pair) => made.SetItem(pair.Item1, pair.Item2)));

    private static readonly Gen<SchedulerOptions> Options = Gen.Select(Gen.OneOf("localhost:9251", ":8000", "[::1]:9300", "127.0.0.1:9251"), Numbers, Divisors)
        .Select((listen, divisor, divisors) => new SchedulerOptions { Listen = listen, DefaultDivisor = divisor, Divisors = divisors });

    private static readonly Gen<string> Comments = Gen.OneOf("", " # kept", "   # a: b {c} [d]", " # 中文注释");

    private static readonly Gen<string> Between = Gen.OneOf("", "\n", "# a whole line\n", "# two\n# lines\n\n", "#\n");

    private static readonly Gen<string> Unknown = Gen.OneOf(
        "profiling-bind-address: :6060\n", "x-list:\n- a\n- b: 1\n", "x-map:\n  listen: inner\n  divisors: {ssd: 7}\n", "x-text: |\n  listen: no\n  # no comment\n", "X: {a: 1} # tail\n");

    /// <summary>A file as people write them: keys in any order and style, comments anywhere, keys that topolvm-scheduler does not know.</summary>
    private static readonly Gen<(string Text, SchedulerOptions Says)> Files =
        from options in Options
        from comments in Comments.Array[8]
        from between in Between.Array[8]
        from unknown in Unknown.Array[0, 3].Select(lines => lines.DistinctBy(line => line.Split(':')[0]).ToArray())
        from order in Gen.Int[0, 23]
        from leftOut in Gen.Bool.Array[3]
        from style in Gen.Int[0, 4]
        select Write(options, comments, between, unknown, order, leftOut, style);

    [Fact]
    public void What_is_written_is_read() =>
        Files.Sample(file =>
        {
            var read = SchedulerOptionsFile.Parse(file.Text);
            Assert.True(read.Problems.IsEmpty && read.Options == file.Says, file.Text + string.Join("\n", read.Problems.Select(problem => problem.WithPlace.English)));
        }, iter: 5000);

    [Fact]
    public void Every_edit_says_what_was_wanted_and_keeps_comments_and_unknown_keys() =>
        Gen.Select(Files, Options).Sample((file, wanted) =>
        {
            var edited = SchedulerOptionsFile.Parse(file.Text).With(wanted);

            Assert.True(edited is not null, file.Text);
            var read = SchedulerOptionsFile.Parse(edited);
            Assert.True(read.Problems.IsEmpty && read.Options == wanted, file.Text + "=>\n" + edited);
            var before = WhatMustStay(file.Text).ToArray();
            Assert.True(before.SequenceEqual(WhatMustStay(edited)), file.Text + "=>\n" + edited);
        }, iter: 10_000);

    [Fact]
    public void An_edit_back_restores_every_value_that_was_there() =>
        Gen.Select(Files, Options).Sample((file, other) =>
        {
            var there = SchedulerOptionsFile.Parse(file.Text).With(other)!;
            var back = SchedulerOptionsFile.Parse(there).With(file.Says)!;
            Assert.Equal(file.Says, SchedulerOptionsFile.Parse(back).Options);
        });

    /// <summary>Lines of comment and lines of keys that are not topolvm-scheduler's.</summary>
    private static IEnumerable<string> WhatMustStay(string text) =>
        text.Split('\n').Where(line => line.StartsWith('#') || line.StartsWith("x-", StringComparison.Ordinal) || line.StartsWith("X:", StringComparison.Ordinal)
            || line.StartsWith("profiling", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("  listen", StringComparison.Ordinal));

    private static (string, SchedulerOptions) Write(SchedulerOptions options, string[] comments, string[] between, string[] unknown, int order, bool[] leftOut, int style)
    {
        var says = options;
        var parts = new List<string>(unknown);
        if (leftOut[0]) says = says with { Listen = SchedulerOptions.Default.Listen };
        else parts.Add($"listen: \"{options.Listen}\"{comments[0]}\n");
        if (leftOut[1]) says = says with { DefaultDivisor = 1 };
        else parts.Add($"default-divisor: {SchedulerOptions.Text(options.DefaultDivisor)}{comments[1]}\n");
        if (leftOut[2]) says = says with { Divisors = SchedulerOptions.Default.Divisors };
        else parts.Add(WriteDivisors(options.Divisors, comments, style));
        var shuffled = parts.Index().OrderBy(part => (part.Index * 7 + order) % 5).ThenBy(part => (part.Index + order) % 3).Select(part => part.Item);
        var text = string.Concat(shuffled.Select((part, place) => between[place % between.Length] + part)) + between[7];
        return (order % 3 == 0 ? text.TrimEnd('\n') : text, says);
    }

    private static string WriteDivisors(ImmutableSortedDictionary<string, double> divisors, string[] comments, int style)
    {
        var lines = divisors.Select(one => $"\"{one.Key}\": {SchedulerOptions.Text(one.Value)}").ToArray();
        if (lines.Length == 0) return style == 0 ? $"divisors:{comments[2]}\n" : style == 1 ? $"divisors: ~{comments[2]}\n" : $"divisors: {{}}{comments[2]}\n";
        if (style == 0) return $"divisors: {{{string.Join(", ", lines)}}}{comments[2]}\n";
        var indent = new string(' ', style);
        return $"divisors:{comments[2]}\n" + string.Concat(lines.Select((line, number) => string.Create(CultureInfo.InvariantCulture, $"{indent}{line}{comments[3 + number % 4]}\n")));
    }
}
