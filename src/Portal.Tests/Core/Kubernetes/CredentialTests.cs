using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Core.Kubernetes;

public sealed class CredentialTests : IAsyncLifetime
{
    private readonly KubeconfigFolder _folder = new();
    private readonly List<IHeaderDictionary> _headers = [];
    private ScriptedServer _server = null!;
    private Func<HttpContext, bool> _accept = _ => true;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<string> Authorizations => _headers.Select(headers => headers.Authorization.ToString());

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(context =>
    {
        _headers.Add(new HeaderDictionary(context.Request.Headers.ToDictionary()));
        return _accept(context) ? context.JsonAsync("""{"metadata":{"name":"a"}}""") : context.StatusAsync(401, "Unauthorized");
    });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("token: abc", "Bearer abc")]
    [InlineData("token: 12345", "Bearer 12345")]
    [InlineData("username: bob\npassword: geheim", "Basic Ym9iOmdlaGVpbQ==")]
    [InlineData("", "")]
    public async Task Tokens_and_passwords_are_sent(string user, string authorization)
    {
        using var client = Connect(user);
        await GetAsync(client);

        Assert.Equal([authorization], Authorizations);
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute()
    {
        var file = _folder.Write("token", "one\n");
        using var client = Connect("tokenFile: token\ntoken: ignored");
        await GetAsync(client);

        var written = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "two");
        // As with the links of a projected token, the file's own time does not tell.
        File.SetLastWriteTimeUtc(file, written);
        await GetAsync(client);
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(client);

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], Authorizations);
    }

    [Fact]
    public async Task A_token_file_is_read_again_when_it_changes_and_when_the_server_refuses_it()
    {
        var file = _folder.Write("token", "one");
        using var client = Connect("tokenFile: token");
        await GetAsync(client);
        File.WriteAllText(file, "two");
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await GetAsync(client);
        File.WriteAllText(file, "three");
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _accept = context => context.Request.Headers.Authorization == "Bearer three";
        await GetAsync(client);

        Assert.Equal(["Bearer one", "Bearer two", "Bearer two", "Bearer three"], Authorizations);
    }

    [Fact]
    public async Task A_refused_token_that_has_not_changed_is_not_sent_again()
    {
        _folder.Write("token", "one");
        _accept = _ => false;
        using var client = Connect("tokenFile: token");

        var refused = await Assert.ThrowsAsync<KubeException>(() => GetAsync(client));

        Assert.Contains("does not accept the credentials", KubeProblem.Explain(refused).English);
        Assert.Single(_headers);
    }

    [Fact]
    public async Task A_token_file_that_is_gone_is_named()
    {
        using var client = Connect("tokenFile: gone");

        Assert.Contains(_folder.In("gone"), (await Assert.ThrowsAsync<KubeconfigException>(() => GetAsync(client))).Message);
    }

    [Fact]
    public async Task The_kubeconfigs_impersonation_is_sent_unless_the_client_acts_as_somebody_else()
    {
        using var client = Connect("token: t\nas: alice\nas-groups: [storage, ops]\nas-user-extra: {scope: [a]}");
        await GetAsync(client);
        await GetAsync(client.As(new Impersonation("bob") { Groups = ["viewers"] }));

        Assert.Equal(["alice", "bob"], _headers.Select(headers => headers["Impersonate-User"].ToString()));
        Assert.Equal(["storage", "ops"], _headers[0]["Impersonate-Group"].SelectMany(group => group!.Split(", ")));
        Assert.Equal("a", _headers[0]["Impersonate-Extra-scope"]);
        Assert.Equal("viewers", _headers[1]["Impersonate-Group"]);
        Assert.False(_headers[1].ContainsKey("Impersonate-Extra-scope"));
    }

    [Fact]
    public async Task A_proxy_is_used_with_its_credentials()
    {
        var seen = new List<string>();
        await using var proxy = await ScriptedServer.StartAsync(context =>
        {
            seen.Add(context.Request.Host + " " + context.Request.Headers.ProxyAuthorization);
            if (context.Request.Headers.ProxyAuthorization.Count > 0) return context.JsonAsync("""{"metadata":{"name":"a"}}""");
            context.Response.StatusCode = 407;
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
            return Task.CompletedTask;
        });
        var address = new UriBuilder(proxy.Address) { UserName = "me", Password = "pass%20word" };
        using var client = new KubeClient(KubeConnection.FromKubeconfig(_folder.Config($"server: http://cluster.example\nproxy-url: {address}", "")));

        await GetAsync(client);

        Assert.Equal("cluster.example Basic " + KubeconfigFolder.Base64("me:pass word"), seen[^1]);
    }

    private KubeClient Connect(string user) => new(KubeConnection.FromKubeconfig(_folder.Config($"server: {_server.Address}", user)));

    private static Task<Node> GetAsync(KubeClient client) => client.GetAsync(Node.Kind, new(null, "a"), Cancel);
}
