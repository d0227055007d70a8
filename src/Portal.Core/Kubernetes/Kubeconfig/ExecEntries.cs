using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Core.Kubernetes.Kubeconfig;

/// <summary>Turns a kubeconfig's exec entry into the command to run.</summary>
internal static class ExecEntries
{
    private const string Group = "client.authentication.k8s.io/";

    /// <param name="authority">The cluster's CA bundle as PEM; null where the machine's own trust serves.</param>
    public static ExecCommand ToCommand(ExecEntry exec, FromFile<UserEntry> user, string userName, ClusterEntry cluster, byte[]? authority)
    {
        if (string.IsNullOrEmpty(exec.Command)) throw new KubeconfigException(KubeTexts.ExecWithoutCommand(userName, user.File.Path));
        if (exec.ApiVersion is not (Group + "v1" or Group + "v1beta1"))
            throw new KubeconfigException(KubeTexts.ExecVersionUnsupported(exec.Command, exec.ApiVersion ?? "", user.File.Path));
        if (exec.InteractiveMode == "Always") throw new KubeconfigException(KubeTexts.ExecInteractive(exec.Command, user.File.Path));
        return new(exec.Command, exec.ApiVersion)
        {
            Arguments = [.. exec.Args ?? []],
            Variables = [.. (exec.Env ?? []).Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
            InstallHint = exec.InstallHint?.Trim(),
            Cluster = exec.ProvideClusterInfo ? Describe(cluster, authority) : null,
            Folder = user.File.Folder,
        };
    }

    private static JsonObject Describe(ClusterEntry cluster, byte[]? authority)
    {
        var described = new JsonObject { ["server"] = cluster.Server };
        if (!string.IsNullOrEmpty(cluster.TlsServerName)) described["tls-server-name"] = cluster.TlsServerName;
        if (cluster.InsecureSkipTlsVerify) described["insecure-skip-tls-verify"] = true;
        if (authority is not null) described["certificate-authority-data"] = Convert.ToBase64String(authority);
        if (!string.IsNullOrEmpty(cluster.ProxyUrl)) described["proxy-url"] = cluster.ProxyUrl;
        var own = cluster.Extensions?.Find(extension => extension.Name == Group + "exec");
        if (own?.Extension is not null) described["config"] = ToJson(own.Extension);
        return described;
    }

    private static JsonNode? ToJson(object? yaml) => yaml switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(pair => KeyValuePair.Create(Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!, ToJson(pair.Value)))),
        IEnumerable<object?> list => new JsonArray([.. list.Select(ToJson)]),
        string text => JsonValue.Create(text),
        _ => JsonValue.Create(Convert.ToString(yaml, CultureInfo.InvariantCulture)),
    };
}
