namespace Portal.Tests.Testing;

/// <summary>A kubeconfig for a server on loopback that speaks plain HTTP.</summary>
public static class PlainKubeconfig
{
    /// <summary>Writes it and returns its path.</summary>
    /// <param name="token">Who asks; null where the server asks nobody who they are.</param>
    public static string Write(TemporaryFolder folder, Uri server, string? token = null)
    {
        var path = Path.Combine(folder.Path, "kubeconfig");
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts:
            - name: test
              context: {cluster: test, user: test}
            clusters:
            - name: test
              cluster: {server: "{{{server}}}"}
            users:
            - name: test
              user: {{{(token is null ? "{}" : $"{{token: {token}}}")}}}
            """);
        return path;
    }
}
