using System.Text.Json;
using Portal.Agent;

namespace Portal.Tests.Agent;

[Collection(RealLvm.Name)]
public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Inventory_prints_what_the_node_has()
    {
        Assert.Equal(0, await RunAsync("inventory"));

        using var printed = JsonDocument.Parse(_output.ToString());
        Assert.NotEqual(0, printed.RootElement.GetProperty("devices").GetArrayLength());
    }

    [Theory]
    [InlineData("reboot", "reboot is no command")]
    [InlineData("inventory --color", "--color is no option")]
    [InlineData("inventory --state", "--state needs a path")]
    [InlineData("inventory --state=here", "--state needs a path")]
    [InlineData("run", "run needs --portal")]
    [InlineData("run --portal https://portal:8443", "run needs --node")]
    [InlineData("run --node edge-1 --portal http://portal:8080", "needs an address that begins with https://")]
    [InlineData("inventory --loop-directory /tmp/loops", "does not outlive a start")]
    [InlineData("inventory --loop-directory /srv/../tmp", "does not outlive a start")]
    public async Task What_cannot_be_served_is_said_in_a_sentence(string arguments, string what)
    {
        Assert.Equal(2, await RunAsync(arguments.Split(' ')));

        Assert.Contains(what, _error.ToString());
    }

    [Fact]
    public async Task Without_arguments_the_commands_are_told()
    {
        Assert.Equal(0, await RunAsync());

        Assert.Contains("inventory", _output.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, _output, _error, TestContext.Current.CancellationToken);
}
