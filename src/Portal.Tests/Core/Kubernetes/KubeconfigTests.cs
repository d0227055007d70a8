using Portal.Core.Kubernetes;

namespace Portal.Tests.Core.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private readonly KubeconfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_current_context_names_server_and_namespace()
    {
        var connection = KubeConnection.FromKubeconfig(_folder.Config("server: https://10.0.0.1:6443/k8s/clusters/c-1", ""));

        Assert.Equal("https://10.0.0.1:6443/k8s/clusters/c-1/", connection.Server.AbsoluteUri);
        Assert.Equal("storage", connection.Namespace);
        Assert.Equal(_folder.In("config") + " (here)", connection.Source);
    }

    [Fact]
    public void Of_several_files_the_first_wins_for_each_name_and_for_the_current_context()
    {
        var first = _folder.Write("a/config", """
            contexts: [{name: one, context: {cluster: shared, user: ""}}]
            clusters: [{name: shared, cluster: {server: "http://first:1"}}]
            """);
        var second = _folder.Write("b/config", """
            current-context: two
            contexts: [{name: one, context: {cluster: other}}, {name: two, context: {cluster: shared}}, {name: three, context: {cluster: other}}]
            clusters: [{name: shared, cluster: {server: "http://second:2"}}, {name: other, cluster: {server: "http://other:3"}}]
            """);
        var third = _folder.Write("c/config", "current-context: one");
        _folder.Set("KUBECONFIG", string.Join(':', _folder.In("missing"), first, "", second, third));

        Assert.Equal("http://first:1/", KubeConnection.Find(_folder.Options)!.Server.AbsoluteUri);
        Assert.Equal("http://first:1/", KubeConnection.Find(_folder.Options with { Context = "one" })!.Server.AbsoluteUri);
        Assert.Equal("http://other:3/", KubeConnection.Find(_folder.Options with { Context = "three" })!.Server.AbsoluteUri);
    }

    [Fact]
    public void An_explicit_file_comes_before_KUBECONFIG_before_the_home_directory_before_the_pod()
    {
        Assert.Null(KubeConnection.Find(_folder.Options));

        using var certificates = new TestCertificates();
        _folder.Set("KUBERNETES_SERVICE_HOST", "fd00::1");
        _folder.Set("KUBERNETES_SERVICE_PORT", "443");
        _folder.Write("serviceaccount/token", "secret");
        _folder.Write("serviceaccount/ca.crt", certificates.AuthorityPem);
        _folder.Write("serviceaccount/namespace", "topolvm-portal\n");
        Assert.Equal("https://[fd00::1]/", KubeConnection.Find(_folder.Options)!.Server.AbsoluteUri);
        Assert.Equal("topolvm-portal", KubeConnection.Find(_folder.Options)!.Namespace);

        _folder.Config("server: http://home:1", "", "home/.kube/config");
        Assert.Equal("http://home:1/", KubeConnection.Find(_folder.Options)!.Server.AbsoluteUri);

        _folder.Set("KUBECONFIG", _folder.Config("server: http://variable:1", "", "variable").Path!);
        Assert.Equal("http://variable:1/", KubeConnection.Find(_folder.Options)!.Server.AbsoluteUri);

        var explicitly = _folder.Config("server: http://explicit:1", "");
        Assert.Equal("http://explicit:1/", KubeConnection.Find(explicitly)!.Server.AbsoluteUri);
    }

    [Fact]
    public void An_empty_file_in_the_home_directory_counts_as_none()
    {
        _folder.Write("home/.kube/config", "apiVersion: v1\nkind: Config\nclusters: []\n");

        Assert.Null(KubeConnection.Find(_folder.Options));
    }

    [Fact]
    public void Nothing_that_is_printed_holds_a_secret()
    {
        var connection = KubeConnection.FromKubeconfig(_folder.Config("server: http://a:1", "token: s3cret-token"));

        Assert.DoesNotContain("s3cret", connection.ToString());
        Assert.Equal("", new global::Portal.Core.Kubernetes.Credentials.Secret("s3cret-token").ToString());
    }

    public static TheoryData<string, string> Broken() => new()
    {
        { "clusters:\n- name: a\n  cluster: {server: [}", "line 3, column" },
        { "current-context: [1, 2]", "line 1, column 18" },
        { "current-context: gone\ncontexts: [{name: one, context: {}}, {name: two}]", "no context 'gone' in" },
        { "contexts: [{name: one, context: {}}, {name: two}]", "one, two" },
        { "current-context: c\ncontexts: [{name: c, context: {cluster: lost}}]", "names cluster 'lost'" },
        { "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: lost}}]\nclusters: [{name: k, cluster: {server: 'http://a'}}]", "names user 'lost'" },
        { Site("server: 'https://'"), "the server address 'https://'" },
        { Site("server: ''"), "the server address ''" },
        { Site("server: 'ftp://a'"), "the server address 'ftp://a'" },
        { Site("{server: 'https://a', proxy-url: 'gopher://b'}"), "proxy-url" },
        { Site("{server: 'https://a', certificate-authority: gone.crt}"), "gone.crt" },
        { Site("{server: 'https://a', certificate-authority-data: '%%%'}"), "certificate-authority-data" },
        { Site("{server: 'https://a', certificate-authority-data: bm90IGEgY2VydA==}"), "no PEM certificate" },
        { Site("server: 'https://a'", "client-certificate: gone.crt"), "has a client certificate but no key" },
        { Site("server: 'https://a'", "{client-certificate: gone.crt, client-key: gone.key}"), "gone.crt" },
        { Site("server: 'https://a'", "auth-provider: {name: gcp}"), "auth-provider 'gcp'" },
        { Site("server: 'https://a'", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}"), "v1alpha1" },
        { Site("server: 'https://a'", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}"), "terminal" },
        { Site("server: 'https://a'", "exec: {apiVersion: client.authentication.k8s.io/v1}"), "names no command" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_wrong_with_a_file_is_said_in_one_sentence(string text, string part)
    {
        var options = _folder.Options with { Path = _folder.Write("config", text) };

        var problem = Assert.Throws<KubeconfigException>(() => KubeConnection.FromKubeconfig(options)).Problem.English;

        Assert.Contains(part, problem);
        Assert.Contains(_folder.Path, problem);
    }

    [Fact]
    public void An_absent_file_is_said_to_be_absent()
    {
        var explicitly = Assert.Throws<KubeconfigException>(() => KubeConnection.Find(_folder.Options with { Path = _folder.In("gone") }));
        Assert.Contains("There is no kubeconfig file " + _folder.In("gone"), explicitly.Message);

        _folder.Set("KUBECONFIG", _folder.In("a") + ":" + _folder.In("b"));
        Assert.Contains("none of these files exists", Assert.Throws<KubeconfigException>(() => KubeConnection.Find(_folder.Options)).Message);
    }

    private static string Site(string cluster, string user = "{}") =>
        $"current-context: c\ncontexts: [{{name: c, context: {{cluster: k, user: u}}}}]\nclusters:\n- name: k\n  cluster: {Flow(cluster)}\nusers:\n- name: u\n  user: {Flow(user)}\n";

    private static string Flow(string entry) => entry.StartsWith('{') ? entry : "{" + entry + "}";
}
