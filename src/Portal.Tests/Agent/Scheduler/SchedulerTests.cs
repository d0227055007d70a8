using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Portal.Agent.Node;
using Portal.Agent.Node.Reading;
using Portal.Agent.Scheduler;
using Portal.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Scheduler;

/// <summary>With a program that waits, under a name that no other process has, and a shell that starts it again as the kubelet does.</summary>
public sealed class SchedulerTests : IDisposable
{
    private const string Config = "/etc/kubernetes/portal-test.yaml";

    private readonly TemporaryFolder _root = new();
    private readonly string _program = "scheduler" + Guid.NewGuid().ToString("N")[..6];
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private Process? _kubelet;

    private SchedulerReader Reader => new(_root.Path, _program);

    public void Dispose()
    {
        _kubelet?.Kill(entireProcessTree: true);
        _kubelet?.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task The_process_tells_its_arguments_and_the_files_that_they_name()
    {
        Write(Config, "old");
        Write($"/etc/kubernetes/manifests/{_program}.yaml", "pod");
        Write("/etc/kubernetes/other.yaml", "not its own");
        await StartAsync();

        var scheduler = await Reader.ReadAsync(_cancel);

        Assert.Equal(["--follow=name", "--retry", Config], scheduler!.Arguments);
        Assert.Equal(
            [($"/etc/kubernetes/manifests/{_program}.yaml", Hash("pod")), (Config, Hash("old"))], scheduler.Files.Select(file => (file.Path, file.Sha256)));
    }

    [Fact]
    public async Task A_node_without_it_has_none() => Assert.Null(await Reader.ReadAsync(_cancel));

    [Fact]
    public async Task It_is_ended_and_seen_to_come_back_and_stay()
    {
        await StartAsync();
        var (old, time) = (Reader.Find()!.Id, new ManualTime());

        var restart = new SchedulerRestart(Reader, time).RestartAsync(byKubelet: false, _ => { }, _cancel);
        await Eventually.PassesAsync(() => Assert.True(Reader.Find() is { } next && next.Id != old), _cancel);
        await PassAsync(restart, time);

        await restart;
    }

    [Fact]
    public async Task When_it_does_not_come_back_that_is_said()
    {
        var time = new ManualTime();

        var restart = new SchedulerRestart(Reader, time).RestartAsync(byKubelet: true, _ => { }, _cancel);
        await PassAsync(restart, time);

        Assert.Contains("did not come back", (await Assert.ThrowsAsync<NodeActionException>(() => restart)).Message);
    }

    [Fact]
    public async Task A_file_is_replaced_and_put_back()
    {
        Write(Config, "old");
        var (files, action) = (new FileReplacement(_root.Path), new ReplaceFile(Config, "new", Config + ".before"));

        await files.ReplaceAsync(action, _cancel);
        Assert.Equal(("new", "old"), (Read(Config), Read(Config + ".before")));

        await files.PutBackAsync(action, _cancel);
        Assert.Equal("old", Read(Config));
    }

    [Fact]
    public async Task A_file_that_was_not_there_goes_again()
    {
        Directory.CreateDirectory(_root.Path + "/etc/kubernetes");
        var (files, action) = (new FileReplacement(_root.Path), new ReplaceFile(Config, "new", null));

        await files.ReplaceAsync(action, _cancel);
        await files.PutBackAsync(action, _cancel);

        Assert.False(File.Exists(_root.Path + Config));
    }

    [Fact]
    public async Task What_somebody_else_wrote_meanwhile_is_not_put_back()
    {
        Write(Config, "somebody else's");
        var files = new FileReplacement(_root.Path);

        await files.PutBackAsync(new(Config, "new", null), _cancel);
        await Assert.ThrowsAsync<NodeActionException>(() => files.ReplaceAsync(new(Config, "new", null), _cancel));

        Assert.Equal("somebody else's", Read(Config));
    }

    private static async Task PassAsync(Task until, ManualTime time)
    {
        while (!until.IsCompleted)
        {
            await Task.WhenAny(until, time.TimersPendingAsync());
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task StartAsync()
    {
        var copy = Path.Combine(_root.Path, _program);
        File.Copy("/usr/bin/tail", copy);
        _kubelet = Process.Start(new ProcessStartInfo("bash", ["-c", "while true; do \"$0\" --follow=name --retry \"$1\"; done", copy, Config]) { RedirectStandardError = true })!;
        await Eventually.PassesAsync(() => Assert.NotNull(Reader.Find()), _cancel);
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.Path + path)!);
        File.WriteAllText(_root.Path + path, content);
    }

    private string Read(string path) => File.ReadAllText(_root.Path + path);

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
