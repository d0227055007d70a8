using System.Text;
using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.Kubernetes;

/// <summary>A folder with kubeconfig files, for one test.</summary>
internal sealed class KubeconfigFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig-");
    private readonly Dictionary<string, string> _variables = [];

    public string Path => _folder.FullName;

    public ManualTime Time { get; } = new();

    public KubeconfigOptions Options => new()
    {
        Environment = new KubeEnvironment(name => _variables.GetValueOrDefault(name), In("home")) { ServiceAccountDirectory = In("serviceaccount") },
        Time = Time,
    };

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Set(string variable, string value) => _variables[variable] = value;

    public string Write(string name, string text)
    {
        var path = In(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A program for an exec plugin.</summary>
    public string WriteScript(string name, string body)
    {
        var path = Write(name, "#!/bin/sh\n" + body + "\n");
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The plugins of these tests are shell scripts.");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>A kubeconfig of one context; cluster and user are given as the lines of their entries.</summary>
    public KubeconfigOptions Config(string cluster, string user, string name = "config")
    {
        var text = $"""
            apiVersion: v1
            kind: Config
            current-context: here
            contexts:
            - name: here
              context: {"{"}cluster: site, user: admin, namespace: storage{"}"}
            clusters:
            - name: site
              cluster:
            {Indent(cluster)}
            users:
            - name: admin
              user:
            {Indent(user.Length > 0 ? user : "{}")}
            """;
        return Options with { Path = Write(name, text) };
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Indent(string lines) => string.Join('\n', lines.ReplaceLineEndings("\n").Split('\n').Select(line => "    " + line));
}
