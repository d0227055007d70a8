namespace Portal.Core.TopoLvm.Install;

/// <summary>The name of a container image: registry, repository, tag.</summary>
public static class ImageReference
{
    /// <summary>The same image from another registry; the repository's path is kept, as mirrors do.</summary>
    public static string WithRegistry(string image, string? registry)
    {
        if (string.IsNullOrEmpty(registry)) return image;
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        // Docker's rule: the first part is a registry when it looks like a host; otherwise the image is on Docker Hub.
        var host = slash < 0 ? "" : image[..slash];
        var hasHost = host.Contains('.', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal) || host == "localhost";
        var repository = hasHost ? image[(slash + 1)..] : slash < 0 ? "library/" + image : image;
        return registry.TrimEnd('/') + "/" + repository;
    }
}
