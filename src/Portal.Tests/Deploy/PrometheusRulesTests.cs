using System.Diagnostics;
using System.Text.RegularExpressions;
using Portal.Tests.Testing;

namespace Portal.Tests.Deploy;

/// <summary>What <c>deploy/prometheus</c> holds, as Prometheus itself reads and tests it.</summary>
public sealed partial class PrometheusRulesTests
{
    private static string Folder => Path.Combine(Repository.Root, "deploy", "prometheus");

    [Fact]
    public Task Prometheus_understands_the_rules() => PromtoolAsync("check", "rules", "topolvm-portal.rules.yaml");

    [Fact]
    public Task Each_rule_fires_when_it_should_and_is_silent_when_it_should() => PromtoolAsync("test", "rules", "topolvm-portal.tests.yaml");

    [Fact]
    public async Task Every_metric_that_a_rule_names_is_exposed_by_the_portal()
    {
        var cancel = TestContext.Current.CancellationToken;
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "topolvm-portal.rules.yaml"), cancel);
        var exposition = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Portal", "Health", "StorageExposition.cs"), cancel);

        string[] named = [.. MetricName().Matches(rules).Select(name => name.Groups[1].Value).Distinct()];

        Assert.Contains("agent_connected", named);
        Assert.All(named, name => Assert.Contains($"\"{name}\"", exposition, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\btopolvm_portal_(\w+)")]
    private static partial Regex MetricName();

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync(cancel);
        var said = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, said + await complaints);
    }
}
