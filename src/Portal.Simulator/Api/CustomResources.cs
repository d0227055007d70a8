using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Serves what the CustomResourceDefinitions in the store define.</summary>
internal sealed class CustomResources
{
    public const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";

    private readonly ResourceCatalog _catalog;

    public CustomResources(ObjectStore store, ResourceCatalog catalog)
    {
        _catalog = catalog;
        store.Changed += Follow;
    }

    private void Follow(StoreChange change)
    {
        if (change.Resource.GroupResource != Definitions) return;
        if (change.Type == ChangeType.Deleted) _catalog.StopServing(change.Object.Name.Name);
        else _catalog.Serve(TypeOf(change.Object.Read()));
    }

    private static ResourceType TypeOf(JsonObject definition)
    {
        var spec = definition["spec"]!;
        var names = spec["names"]!;
        var kind = (string)names["kind"]!;
        return new()
        {
            Group = (string)spec["group"]!,
            Plural = (string)names["plural"]!,
            Kind = kind,
            Singular = Document.Text(names["singular"]) ?? kind.ToLowerInvariant(),
            ListKind = Document.Text(names["listKind"]) ?? kind + "List",
            Namespaced = Document.Text(spec["scope"]) == "Namespaced",
            ShortNames = Strings(names["shortNames"]),
            Categories = Strings(names["categories"]),
            IsCustom = true,
            Subresources = ["status"],
            Versions = [.. spec["versions"]!.AsArray().Where(version => (bool?)version!["served"] == true)
                .Select(version => new ServedVersion((string)version!["name"]!, version["subresources"]?["status"] is not null, version["schema"]?["openAPIV3Schema"] as JsonObject))
                .OrderBy(version => version.Name, VersionOrder.NewestFirst)],
        };
    }

    private static ImmutableArray<string> Strings(JsonNode? list) => list is JsonArray items ? [.. items.Select(item => (string)item!)] : [];
}
