namespace Portal.Tests.Testing;

/// <summary>A kubeconfig for a server on loopback that speaks plain HTTP and asks nobody who they are.</summary>
public static class PlainKubeconfig
{
    /// <summary>Writes it and returns its path.</summary>
    public static string Write(TemporaryFolder folder, Uri server)
    {
        var path = Path.Combine(folder.Path, "kubeconfig");
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts:
            - name: test
              context: {cluster: test, user: test}
            clusters:
            - name: test
              cluster: {server: "{{server}}"}
            users:
            - name: test
              user: {}
            """);
        return path;
    }
}
