using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>Puts objects into the store as they are, as if they had always been there: no admission, no first status, no watch.</summary>
internal sealed class Seeding(ObjectStore store, ResourceCatalog catalog, SimulatedApiServerOptions options)
{
    // Documents as trees are large: only so many are held at a time.
    private const int AtOnce = 2000;

    public void Seed(IEnumerable<KubeObject> documents)
    {
        foreach (var some in documents.Chunk(AtOnce))
        {
            foreach (var same in some.GroupBy(document => (document.ApiVersion, document.Kind)))
            {
                var (group, version) = same.Key.ApiVersion.Split('/') is [var named, var rest] ? (named, rest) : ("", same.Key.ApiVersion);
                var type = catalog.FindKind(group, version, same.Key.Kind) ?? throw new InvalidOperationException($"The simulated server does not serve {same.First()}.");
                store.Seed(type, same.Select(document => Complete(type, version, document.Json)));
            }
        }
    }

    private JsonObject Complete(ResourceType type, string version, JsonObject body)
    {
        var metadata = body["metadata"]!.AsObject();
        Defaults.Set(metadata, "uid", Guid.NewGuid().ToString());
        Defaults.Set(metadata, "creationTimestamp", ObjectRules.Now(options.TimeProvider));
        body.Remove("apiVersion");
        body.Remove("kind");
        if (ObjectRules.CountsGenerations(type)) Defaults.Set(metadata, "generation", 1L);
        Defaults.Fill(type, version, body, options.Minor);
        return body;
    }
}
