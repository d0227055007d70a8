using Portal.Hosting;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Hosting;

public sealed class DatabaseOptionTests
{
    [Theory]
    [InlineData("Host=db;Database=portal;Username=ada;Password=s3cret")]
    [InlineData("postgresql://ada:s3cret@db/portal")]
    public void A_password_on_the_command_line_is_refused_without_repeating_it(string text)
    {
        var (_, problem) = CommandLine.Parse(["--database", text]);

        Assert.Contains("--database-file", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_file_or_a_variable_is_taken_and_never_printed()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "uri");
        File.WriteAllText(file, "postgresql://ada:s3cret@db/portal\n");

        var (options, problem) = CommandLine.Parse(["--database-file", file]);

        Assert.Null(problem);
        Assert.Equal("db:5432/portal", options.Database?.Shown);
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
        Assert.Equal("db:5432/portal", DatabaseOption.Read(null, null, "Host=db;Database=portal;Password=s3cret").Address?.Shown);
    }

    [Fact]
    public void What_the_command_line_says_counts_before_the_variable()
    {
        Assert.Equal("one:5432/portal", DatabaseOption.Read("Host=one;Database=portal", null, "Host=two;Database=portal").Address?.Shown);
        Assert.Equal((null, null), DatabaseOption.Read(null, null, " "));
    }

    [Fact]
    public void A_database_that_is_named_twice_or_in_a_file_that_is_missing_or_not_at_all_is_a_sentence()
    {
        Assert.Contains("--database, --database-file", DatabaseOption.Read("Host=db;Database=portal", "/there", null).Problem, StringComparison.Ordinal);
        Assert.Contains("/not/there", DatabaseOption.Read(null, "/not/there", null).Problem, StringComparison.Ordinal);
        Assert.Contains("TOPOLVM_PORTAL_DATABASE", DatabaseOption.Read(null, null, "portal.db").Problem, StringComparison.Ordinal);
    }
}
