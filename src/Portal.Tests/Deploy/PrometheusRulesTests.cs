using System.Diagnostics;
using Portal.Tests.Testing;

namespace Portal.Tests.Deploy;

/// <summary>What <c>deploy/prometheus</c> holds, as Prometheus itself reads and tests it.</summary>
public sealed class PrometheusRulesTests
{
    private static string Folder => Path.Combine(Repository.Root, "deploy", "prometheus");

    [Fact]
    public Task Prometheus_understands_the_rules() => PromtoolAsync("check", "rules", "topolvm-portal.rules.yaml");

    [Fact]
    public Task Each_rule_fires_when_it_should_and_is_silent_when_it_should() => PromtoolAsync("test", "rules", "topolvm-portal.tests.yaml");

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
