namespace Portal.Core.Kubernetes.Kubeconfig;

/// <summary>Where kubeconfig files are looked for: an explicit path, else KUBECONFIG, else ~/.kube/config.</summary>
internal static class KubeconfigSearch
{
    /// <summary>The files seen as one, or null when nothing was asked for and there is nothing. Throws <see cref="KubeconfigException"/>.</summary>
    public static MergedKubeconfig? Find(KubeconfigOptions options)
    {
        if (!string.IsNullOrEmpty(options.Path)) return new([KubeconfigFile.Load(options.Path)]);
        if (options.Environment.Variable("KUBECONFIG") is { Length: > 0 } list) return new([.. FromList(list)]);
        var standard = Path.Combine(options.Environment.Home, ".kube", "config");
        if (!File.Exists(standard)) return null;
        var found = new MergedKubeconfig([KubeconfigFile.Load(standard)]);
        return found.IsEmpty ? null : found;
    }

    private static List<KubeconfigFile> FromList(string list)
    {
        var files = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists).Select(KubeconfigFile.Load).ToList();
        return files.Count > 0 ? files : throw new KubeconfigException(KubeTexts.KubeconfigListAbsent(list));
    }
}
