using Portal.Core.Kubernetes;

namespace Portal.Core.Operations;

/// <summary>Writes to the cluster on behalf of the person who started the operation; each is journalled before it is sent, and goes nowhere when
/// the journal cannot be written.</summary>
public sealed class UserCluster(KubeClient client, Func<string, CancellationToken, Task> journal)
{
    public async Task<KubeObject> ApplyAsync(KubeKind<KubeObject> kind, KubeObject document, WriteOptions options, CancellationToken cancel)
    {
        await journal("apply " + document, cancel);
        return await client.ApplyAsync(kind, document, options, cancel);
    }

    public async Task<KubeObject> CreateAsync(KubeKind<KubeObject> kind, KubeObject document, WriteOptions options, CancellationToken cancel)
    {
        await journal("create " + document, cancel);
        return await client.CreateAsync(kind, document, options, cancel);
    }

    public async Task<T> PatchAsync<T>(KubeKind<T> kind, ObjectName name, Patch patch, WriteOptions options, CancellationToken cancel) where T : IKubeObject
    {
        await journal($"patch {kind.Kind} {name} {patch.Body}", cancel);
        return await client.PatchAsync(kind, name, patch, options, cancel);
    }

    /// <summary>True when the object was there.</summary>
    public async Task<bool> DeleteAsync(KubeKind kind, ObjectName name, DeleteOptions options, CancellationToken cancel)
    {
        await journal($"delete {kind.Kind} {name}", cancel);
        return await client.DeleteAsync(kind, name, options, cancel);
    }
}
