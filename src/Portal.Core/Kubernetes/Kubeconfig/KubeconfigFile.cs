using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Portal.Core.Kubernetes.Kubeconfig;

/// <summary>One kubeconfig file as it is on disk.</summary>
internal sealed record KubeconfigFile(string Path, KubeconfigDocument Document)
{
#pragma warning disable IL3050 // The agent, which is compiled ahead of time, has no kubeconfig.
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build();
#pragma warning restore IL3050

    /// <summary>The folder that relative paths in the file start from.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Throws <see cref="KubeconfigException"/> when the file is absent, unreadable or broken.</summary>
    public static KubeconfigFile Load(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            using var text = new StreamReader(path);
            return new(path, Yaml.Deserialize<KubeconfigDocument?>(text) ?? new KubeconfigDocument());
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeconfigException(KubeTexts.KubeconfigAbsent(path), absent);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException(KubeTexts.KubeconfigUnreadable(path, unreadable.Message), unreadable);
        }
        catch (YamlException broken)
        {
            // What is not a matter of syntax is told in terms of .NET types, which say nothing to the file's owner.
            object reason = broken is SyntaxErrorException or SemanticErrorException ? broken.Message : KubeTexts.KubeconfigForm;
            throw new KubeconfigException(KubeTexts.KubeconfigBroken(path, broken.Start.Line, broken.Start.Column, reason), broken);
        }
    }
}
