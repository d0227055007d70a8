using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.Kubernetes;

public sealed class ExecPluginTests : IAsyncLifetime
{
    private const string V1 = "client.authentication.k8s.io/v1";

    private readonly KubeconfigFolder _folder = new();
    private readonly List<string> _sent = [];
    private ScriptedServer _server = null!;
    private Func<string, bool> _accept = _ => true;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(context =>
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        lock (_sent) _sent.Add(authorization);
        return _accept(authorization) ? context.JsonAsync("""{"metadata":{"name":"a"}}""") : context.StatusAsync(401, "Unauthorized");
    });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(V1)]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task The_program_gets_arguments_variables_and_the_cluster_and_its_token_is_sent(string version)
    {
        _folder.WriteScript("plugin.sh", $$"""
            printf '%s\n' "$@" > args; echo "$REGION" > region; echo "$KUBERNETES_EXEC_INFO" > info
            {{Token(version, "t-1")}}
            """.Replace("> ", $"> {_folder.Path}/"));
        using var client = Connect($$"""
            exec:
              apiVersion: {{version}}
              command: ./plugin.sh
              args: ["get token", "$HOME", "*"]
              env: [{name: REGION, value: cn-north}]
              interactiveMode: IfAvailable
              provideClusterInfo: true
            """);

        await GetAsync(client);

        Assert.Equal(["Bearer t-1"], _sent);
        // No shell has touched the arguments.
        Assert.Equal(["get token", "$HOME", "*"], await File.ReadAllLinesAsync(_folder.In("args"), Cancel));
        Assert.Equal("cn-north", (await File.ReadAllTextAsync(_folder.In("region"), Cancel)).Trim());
        var info = JsonNode.Parse(await File.ReadAllTextAsync(_folder.In("info"), Cancel))!;
        Assert.Equal(version, (string?)info["apiVersion"]);
        Assert.False((bool)info["spec"]!["interactive"]!);
        Assert.Equal(_server.Address.AbsoluteUri, (string?)info["spec"]!["cluster"]!["server"]);
    }

    [Fact]
    public async Task A_token_is_kept_until_it_expires()
    {
        _folder.WriteScript("plugin.sh", Counting("\\\"expirationTimestamp\\\":\\\"2026-03-01T09:00:00Z\\\","));
        using var client = Connect(Exec());

        await GetAsync(client);
        _folder.Time.Advance(TimeSpan.FromMinutes(59));
        await GetAsync(client);
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(client);

        Assert.Equal(["Bearer run-1", "Bearer run-1", "Bearer run-2"], _sent);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        _folder.WriteScript("plugin.sh", Counting());
        using var client = Connect(Exec());
        await GetAsync(client);

        _accept = authorization => authorization == "Bearer run-2";
        await GetAsync(client);
        _accept = _ => false;
        await Assert.ThrowsAsync<KubeException>(() => GetAsync(client));

        Assert.Equal(["Bearer run-1", "Bearer run-1", "Bearer run-2", "Bearer run-2", "Bearer run-3"], _sent);
    }

    [Fact]
    public async Task Requests_at_the_same_time_share_one_run()
    {
        _folder.WriteScript("plugin.sh", Counting());
        using var client = Connect(Exec());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => GetAsync(client)));

        Assert.All(_sent, authorization => Assert.Equal("Bearer run-1", authorization));
    }

    [Fact]
    public async Task A_failure_carries_exit_code_what_the_program_said_and_the_hint()
    {
        _folder.WriteScript("plugin.sh", "echo 'login expired' >&2; exit 3");
        using var client = Connect(Exec("installHint: Run 'cloud login'."));

        var problem = (await Assert.ThrowsAsync<KubeconfigException>(() => GetAsync(client))).Message;

        Assert.Equal("The credential plugin ./plugin.sh failed with exit code 3: login expired Run 'cloud login'.", problem);
    }

    [Theory]
    [InlineData("./gone.sh")]
    [InlineData("no-such-credential-plugin")]
    [InlineData("./not-executable")]
    public async Task A_program_that_cannot_be_started_is_named_with_the_hint(string command)
    {
        _folder.Write("not-executable", "#!/bin/sh\n");
        using var client = Connect($$"""exec: {apiVersion: {{V1}}, command: "{{command}}", installHint: "Get it from your cloud."}""");

        var problem = (await Assert.ThrowsAsync<KubeconfigException>(() => GetAsync(client))).Message;

        Assert.Contains(command, problem);
        Assert.EndsWith("Get it from your cloud.", problem);
    }

    [Theory]
    [InlineData("echo hello")]
    [InlineData("true")]
    [InlineData("echo '[]'")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}}'""")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}'""")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'""")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"k","token":"t"}}'""")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"c","clientKeyData":"k"}}'""")]
    public async Task An_answer_that_is_no_credential_is_refused(string script)
    {
        _folder.WriteScript("plugin.sh", script);
        using var client = Connect(Exec());

        Assert.Contains("printed something that cannot be used", (await Assert.ThrowsAsync<KubeconfigException>(() => GetAsync(client))).Message);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task The_program_dies_with_the_request_that_waits_for_it()
    {
        _folder.WriteScript("plugin.sh", $"mkfifo {_folder.Path}/never; echo $$ > {_folder.Path}/pid.tmp; mv {_folder.Path}/pid.tmp {_folder.Path}/pid; cat {_folder.Path}/never");
        using var client = Connect(Exec());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var request = client.GetAsync(Node.Kind, new(null, "a"), stop.Token);
        await Eventually.PassesAsync(() => Assert.True(File.Exists(_folder.In("pid"))), Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        var process = (await File.ReadAllTextAsync(_folder.In("pid"), Cancel)).Trim();
        await Eventually.PassesAsync(() => Assert.False(Directory.Exists("/proc/" + process)), Cancel);
    }

    private static string Token(string version, string token) => $$$"""echo '{"kind":"ExecCredential","apiVersion":"{{{version}}}","status":{"token":"{{{token}}}"}}'""";

    /// <summary>Prints run-1, run-2 and so on.</summary>
    private string Counting(string expiryOfTheFirst = "") => $$$"""
        echo x >> {{{_folder.Path}}}/runs
        count=$(wc -l < {{{_folder.Path}}}/runs | tr -d ' ')
        expiry="{{{expiryOfTheFirst}}}"
        [ "$count" = 1 ] || expiry=""
        echo "{\"kind\":\"ExecCredential\",\"apiVersion\":\"{{{V1}}}\",\"status\":{$expiry\"token\":\"run-$count\"}}"
        """;

    private static string Exec(string more = "") => $"exec:\n  apiVersion: {V1}\n  command: ./plugin.sh\n  {more}".TrimEnd();

    private KubeClient Connect(string user) => new(KubeConnection.FromKubeconfig(_folder.Config($"server: {_server.Address}", user)));

    private static Task<Node> GetAsync(KubeClient client) => client.GetAsync(Node.Kind, new(null, "a"), Cancel);
}
