using Portal.Hosting;

namespace Portal.Tests.Portal.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://192.168.1.10:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://127.0.0.1:8080;http://10.0.0.1:8080")]
    [InlineData("http://edge.example:8080")]
    [InlineData("http://*:8080")]
    [InlineData("https://127.0.0.1:8443")]
    public async Task An_address_that_others_can_reach_is_refused_in_one_sentence(string url)
    {
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync(["--demo", "--urls", url], TextWriter.Null, error);

        Assert.Equal(2, code);
        Assert.Contains("http://127.0.0.1:8080", Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:9000")]
    [InlineData("http://[::1]:9000;http://127.0.0.2:9000")]
    public void A_loopback_address_is_taken(string url)
    {
        var (options, problem) = CommandLine.Parse(["--urls=" + url]);

        Assert.Null(problem);
        Assert.Equal(url, options.Urls);
    }

    [Fact]
    public void Every_option_is_read()
    {
        var (options, problem) = CommandLine.Parse(["--kubeconfig", "/k", "--context=edge", "--demo", "--data", "/d", "--node-label=disk=local", "--verify-image", "registry.local/busybox:1"]);

        Assert.Null(problem);
        Assert.Equal(new PortalOptions { Kubeconfig = "/k", Context = "edge", Demo = true, Data = "/d", NodeLabel = new("disk", "local"), VerifyImage = "registry.local/busybox:1" }, options);
    }

    [Fact]
    public void The_demo_in_use_keeps_its_data_apart_unless_a_folder_is_named()
    {
        var (options, problem) = CommandLine.Parse(["--demo=in-use"]);

        Assert.Null(problem);
        Assert.True(options is { Demo: true, DemoInUse: true });
        Assert.NotEqual(PortalOptions.DefaultData, options.Data);
        Assert.Equal("/d", CommandLine.Parse(["--demo=in-use", "--data", "/d"]).Options.Data);
        Assert.Equal(PortalOptions.DefaultData, CommandLine.Parse(["--demo"]).Options.Data);
    }

    [Theory]
    [InlineData("--kubconfig")]
    [InlineData("--data")]
    [InlineData("--demo=yes")]
    [InlineData("serve")]
    public void A_wrong_argument_is_named(string argument)
    {
        var (_, problem) = CommandLine.Parse([argument]);

        Assert.Contains(argument, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_option()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await CommandLine.RunAsync(["--help"], output, TextWriter.Null));

        Assert.All(["--kubeconfig", "--context", "--demo", "--data", "--urls"], option => Assert.Contains(option, output.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("topolvm")]
    [InlineData("a b=c")]
    [InlineData("disk=")]
    [InlineData("a/b/c=d")]
    public void What_is_not_a_label_is_refused(string label) =>
        Assert.Contains("superedge.io/local.pv=topolvm", CommandLine.Parse(["--node-label", label]).Problem, StringComparison.Ordinal);
}
