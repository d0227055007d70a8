using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class SchedulerOptionsFileTests
{
    private const string Written = """
        # who may ask
        listen: "localhost:9251"   # kube-scheduler's own host
        default-divisor: 1
        profiling-bind-address: 127.0.0.1:6060
        divisors:
          # the fast ones
          ssd: 1
          hdd: 10 # slow
        # the end

        """;

    [Fact]
    public void The_file_that_every_profile_brings_is_read()
    {
        var file = SchedulerOptionsFile.Parse("listen: \"localhost:9251\"\ndefault-divisor: 1\n");

        Assert.Empty(file.Problems);
        Assert.Equal(new SchedulerOptions { Listen = "localhost:9251" }, file.Options);
        Assert.Equal(9251, file.Options.Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("listen:\ndefault-divisor: ~\ndivisors: null\n")]
    [InlineData("other: 1")]
    public void What_a_file_leaves_out_has_the_programs_own_default(string text)
    {
        var file = SchedulerOptionsFile.Parse(text);

        Assert.Empty(file.Problems);
        Assert.Equal(SchedulerOptions.Default, file.Options);
        Assert.Equal(8000, file.Options.Port);
    }

    [Theory]
    [InlineData("default-divisor: 0", 1, 18, "default-divisor is 0;")]
    [InlineData("default-divisor: -1", 1, 18, "default-divisor is -1;")]
    [InlineData("default-divisor: \"1\"", 1, 18, "without quotes")]
    [InlineData("default-divisor: 0x10", 1, 18, "\"0x10\"")]
    [InlineData("default-divisor: .inf", 1, 18, "\".inf\"")]
    [InlineData("default-divisor: 1e400", 1, 18, "default-divisor is")]
    [InlineData("default-divisor: [1]", 1, 18, "plain number")]
    [InlineData("listen: x\ndivisors:\n  ssd: 1\n  hdd: 0\n", 4, 8, "device class hdd is 0")]
    [InlineData("divisors:\n  ssd: -0.5\n", 2, 8, "device class ssd is -0.5")]
    [InlineData("divisors:\n  ssd: many\n", 2, 8, "\"many\"")]
    [InlineData("divisors:\n  ssd:\n", 2, 3, "device class ssd is 0")]
    [InlineData("divisors: [ssd]", 1, 11, "a list of lines")]
    [InlineData("divisors: 3", 1, 11, "a list of lines")]
    [InlineData("listen: 9251", 1, 9, "must be a text")]
    [InlineData("listen: localhost", 1, 9, "\"localhost\" is no address")]
    [InlineData("listen: localhost:0", 1, 9, "no address")]
    [InlineData("listen: localhost:65536", 1, 9, "no address")]
    [InlineData("listen: ::1:80", 1, 9, "no address")]
    [InlineData("[1, 2]", 1, 1, "keys with values")]
    [InlineData("text", 1, 1, "keys with values")]
    [InlineData("listen: a:1\n---\nlisten: b:2\n", 3, 1, "one document")]
    [InlineData("listen: \"a:1\nx: 1", 1, 9, "not valid YAML")]
    [InlineData("listen: a:1\n  x: 1\n", 2, 4, "not valid YAML")]
    [InlineData("divisors:\n\tssd: 1\n", 2, 1, "spaces in place of the tab")]
    [InlineData("listen: a:1\nlisten: b:2\n", 2, 1, "not valid YAML")]
    public void What_topolvm_scheduler_would_refuse_or_misread_is_named_with_its_place(string text, int line, int column, string words)
    {
        var problems = SchedulerOptionsFile.Parse(text).Problems;

        Assert.Contains(problems, problem => (problem.Line, problem.Column) == (line, column) && problem.Text.English.Contains(words, StringComparison.Ordinal));
        Assert.StartsWith($"Line {problems[0].Line}, column {problems[0].Column}: ", problems[0].WithPlace.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":8000", 8000)]
    [InlineData("localhost:9251", 9251)]
    [InlineData("127.0.0.1:1", 1)]
    [InlineData("[::1]:65535", 65535)]
    [InlineData("[::]:80", 80)]
    public void An_address_to_listen_on_may_have_any_host(string listen, int port)
    {
        var file = SchedulerOptionsFile.Parse($"listen: \"{listen}\"");

        Assert.Empty(file.Problems);
        Assert.Equal(port, file.Options.Port);
    }

    [Fact]
    public void An_edit_changes_the_value_and_nothing_else()
    {
        var file = SchedulerOptionsFile.Parse(Written);

        var edited = file.With(file.Options with { Listen = "localhost:9300", DefaultDivisor = 2.5, Divisors = file.Options.Divisors.SetItem("hdd", 20) });

        Assert.Equal(Written.Replace("\"localhost:9251\"", "localhost:9300", StringComparison.Ordinal)
            .Replace("divisor: 1\n", "divisor: 2.5\n", StringComparison.Ordinal).Replace("hdd: 10", "hdd: 20", StringComparison.Ordinal), edited);
    }

    [Fact]
    public void A_divisor_is_added_after_the_others_and_taken_out_with_its_line()
    {
        var file = SchedulerOptionsFile.Parse(Written);

        var edited = file.With(file.Options with { Divisors = file.Options.Divisors.Remove("ssd").Add("00default", 4) });

        Assert.Equal(Written.Replace("  ssd: 1\n", "", StringComparison.Ordinal).Replace("# slow\n", "# slow\n  \"00default\": 4\n", StringComparison.Ordinal), edited);
    }

    [Fact]
    public void The_same_options_leave_the_text_as_it_is() =>
        Assert.Equal(Written, SchedulerOptionsFile.Parse(Written) is var file ? file.With(file.Options) : null);

    [Fact]
    public void A_file_with_a_problem_is_not_edited() =>
        Assert.Null(SchedulerOptionsFile.Parse("default-divisor: 0\n").With(SchedulerOptions.Default));

    [Fact]
    public void A_value_that_other_places_refer_to_is_left_to_a_person()
    {
        var file = SchedulerOptionsFile.Parse("default-divisor: &all 2\ndivisors:\n  ssd: *all\n");

        Assert.Empty(file.Problems);
        Assert.Null(file.With(file.Options with { DefaultDivisor = 3 }));
    }
}
