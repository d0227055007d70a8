using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kubeconfig;

/// <summary>An entry together with the file it stands in, which its relative paths start from.</summary>
internal sealed record FromFile<T>(T Entry, KubeconfigFile File)
{
    /// <summary>A path of this entry as an absolute one; null for null and for "".</summary>
    public string? Resolve(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, File.Folder);
}

/// <summary>Several kubeconfig files seen as one, as kubectl does it: of each name the first file's entry counts, whole.</summary>
internal sealed class MergedKubeconfig(ImmutableArray<KubeconfigFile> files)
{
    public bool IsEmpty => files.All(file => file.Document is { Clusters: null or [], Contexts: null or [], Users: null or [] });

    public string? CurrentContext => files.Select(file => file.Document.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name));

    /// <summary>The files, as messages name them.</summary>
    public string Name => string.Join(Path.PathSeparator, files.Select(file => file.Path));

    public IEnumerable<string> ContextNames => files.SelectMany(file => file.Document.Contexts ?? []).Select(named => named.Name).Distinct();

    public FromFile<ContextEntry>? FindContext(string name) =>
        Find(document => document.Contexts, named => named.Name == name, named => named.Context);

    public FromFile<ClusterEntry>? FindCluster(string name) =>
        Find(document => document.Clusters, named => named.Name == name, named => named.Cluster);

    public FromFile<UserEntry>? FindUser(string name) =>
        Find(document => document.Users, named => named.Name == name, named => named.User);

    private FromFile<TEntry>? Find<TNamed, TEntry>(Func<KubeconfigDocument, List<TNamed>?> list, Func<TNamed, bool> isMeant, Func<TNamed, TEntry?> entry)
        where TNamed : class where TEntry : class, new()
    {
        foreach (var file in files)
        {
            if (list(file.Document)?.Find(named => named is not null && isMeant(named)) is { } found) return new(entry(found) ?? new TEntry(), file);
        }
        return null;
    }
}
