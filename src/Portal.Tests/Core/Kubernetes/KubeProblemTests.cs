using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Core.Kubernetes;

public sealed class KubeProblemTests
{
    // Bodies as kube-apiserver 1.20 sends them.
    [Theory]
    [InlineData("""{"code":401,"reason":"Unauthorized","message":"Unauthorized"}""", "does not accept the credentials (GET api/v1/nodes)")]
    [InlineData("""{"code":403,"reason":"Forbidden","message":"nodes is forbidden: User \"alice\" cannot list resource \"nodes\" in API group \"\" at the cluster scope"}""",
        "alice may not list nodes in the whole cluster. Ask")]
    [InlineData("""{"code":403,"reason":"Forbidden","message":"x is forbidden: User \"system:serviceaccount:a:b\" cannot create resource \"deployments\" in API group \"apps\" in the namespace \"topolvm-system\""}""",
        "system:serviceaccount:a:b may not create deployments.apps in namespace topolvm-system.")]
    [InlineData("""{"code":403,"reason":"Forbidden","message":"admission webhook says no"}""", "forbids GET api/v1/nodes: admission webhook says no. Ask")]
    [InlineData("""{"code":404,"reason":"NotFound","message":"nodes \"a\" not found","details":{"kind":"nodes","name":"a"}}""", "nodes a does not exist")]
    [InlineData("""{"code":404,"message":"404 page not found"}""", "does not know GET api/v1/nodes")]
    [InlineData("""{"code":409,"reason":"AlreadyExists","message":"exists","details":{"kind":"namespaces","name":"n"}}""", "namespaces n exists already")]
    [InlineData("""{"code":409,"reason":"Conflict","message":"modified","details":{"kind":"nodes","name":"a"}}""", "nodes a was changed by somebody else")]
    [InlineData("""{"code":422,"reason":"Invalid","message":"invalid","details":{"kind":"PersistentVolumeClaim","name":"data","causes":[{"reason":"FieldValueForbidden","message":"Forbidden: is immutable","field":"spec"},{"reason":"x","message":"too small","field":"spec.resources"}]}}""",
        "refuses PersistentVolumeClaim data: spec: Forbidden: is immutable; spec.resources: too small.")]
    [InlineData("""{"code":410,"reason":"Expired","message":"too old"}""", "is read anew")]
    [InlineData("""{"code":500,"reason":"InternalError","message":"etcdserver: leader changed"}""", "failed with 500 on GET api/v1/nodes: etcdserver: leader changed.")]
    public void The_servers_refusals_become_sentences(string status, string sentence)
    {
        var refused = new KubeException(JsonSerializer.Deserialize(status, KubeJson.Of<Status>())!, "GET api/v1/nodes");

        Assert.Contains(sentence, KubeProblem.Explain(refused).English);
        Assert.NotEqual(KubeProblem.Explain(refused).English, KubeProblem.Explain(refused).In(CultureInfo.GetCultureInfo("zh-CN")));
    }

    [Fact]
    public void An_apply_conflict_names_managers_and_fields()
    {
        var status = JsonSerializer.Deserialize("""
            {"code":409,"reason":"Conflict","details":{"causes":[
              {"reason":"FieldManagerConflict","message":"conflict with \"kubectl-edit\" using v1 at 2026-01-01T00:00:00Z","field":".data.a"},
              {"reason":"FieldManagerConflict","message":"conflict with \"kubectl-edit\" using v1","field":".data.b"},
              {"reason":"FieldManagerConflict","message":"conflict with \"helm\"","field":".data.c"}]}}
            """, KubeJson.Of<Status>())!;
        var conflict = new ApplyConflictException(status, "PATCH api/v1/namespaces/a/configmaps/b");

        Assert.Equal(["kubectl-edit", "helm"], conflict.Managers);
        Assert.StartsWith("kubectl-edit, helm also manage .data.a, .data.b, .data.c of this object.", KubeProblem.Explain(conflict).English);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_to_refuse_the_connection()
    {
        var problem = await FailAsync("http://127.0.0.1:1");

        Assert.StartsWith("Nothing answers at http://127.0.0.1:1: the connection was refused.", problem);
    }

    [Fact]
    public void A_name_that_nobody_knows_is_named()
    {
        var cause = new HttpRequestException("no", new SocketException((int)SocketError.HostNotFound));
        var problem = new KubeUnreachableException(new Uri("https://api.example:6443"), "GET version", HttpRequestError.NameResolutionError, "no", cause);

        Assert.StartsWith("The name api.example cannot be resolved.", KubeProblem.Explain(problem).English);
    }

    private static async Task<string> FailAsync(string server)
    {
        using var client = new KubeClient(new KubeConnection(new Uri(server), "test"));
        var problem = await Assert.ThrowsAsync<KubeUnreachableException>(() => client.GetAsync(Node.Kind, new(null, "a"), TestContext.Current.CancellationToken));
        return KubeProblem.Explain(problem).English;
    }
}
