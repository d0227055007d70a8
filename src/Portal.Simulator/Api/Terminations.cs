using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>Empties namespaces and definitions that are being deleted, and lets them go once nothing is left.</summary>
internal sealed class Terminations(ObjectStore store, ResourceCatalog catalog, Deletion deletion, TimeProvider time)
{
    public const string DefinitionCleanup = "customresourcecleanup.apiextensions.k8s.io";

    public void Follow(StoreChange change)
    {
        if (change.Resource.GroupResource == "namespaces") FollowNamespace(change);
        else if (change.Resource.GroupResource == CustomResources.Definitions && change is { Type: not ChangeType.Deleted, Object.IsDeleting: true }) EmptyDefinition(change.Object.Name.Name);
        if (change.Type != ChangeType.Deleted) return;
        if (change.Object.Name.Namespace is { } ns && store.Find(catalog["namespaces"], new(null, ns)) is { IsDeleting: true }) EmptyNamespace(ns);
        if (change.Resource.IsCustom && store.Find(catalog[CustomResources.Definitions], new(null, change.Resource.GroupResource)) is { IsDeleting: true }) EmptyDefinition(change.Resource.GroupResource);
    }

    private void FollowNamespace(StoreChange change)
    {
        if (change.Type == ChangeType.Added) AddDefaultAccount(change.Object.Name.Name);
        if (change is { Type: not ChangeType.Deleted, Object.IsDeleting: true }) EmptyNamespace(change.Object.Name.Name);
    }

    private void AddDefaultAccount(string ns)
    {
        var accounts = catalog["serviceaccounts"];
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } };
        ObjectRules.Created(accounts, body, ns, time);
        store.TryPut(accounts, null, body);
    }

    private void EmptyNamespace(string ns)
    {
        var isEmpty = true;
        foreach (var type in catalog.All.Where(type => type.Namespaced && !type.IsVirtual))
        {
            foreach (var found in store.AllIn(type, ns))
            {
                if (!found.IsDeleting) deletion.Delete(type, found, DeletionWish.Background);
                isEmpty &= store.Find(type, found.Name) is null;
            }
        }
        if (isEmpty) deletion.Edit(catalog["namespaces"], new(null, ns), body => (body["spec"]?["finalizers"] as JsonArray)?.RemoveAll(finalizer => (string?)finalizer == "kubernetes") > 0);
    }

    private void EmptyDefinition(string name)
    {
        if (catalog.FindByName(name) is { } type)
        {
            foreach (var found in store.All(type).Where(found => !found.IsDeleting).ToArray()) deletion.Delete(type, found, DeletionWish.Background);
            if (store.All(type).Count > 0) return;
        }
        deletion.Edit(catalog[CustomResources.Definitions], new ObjectName(null, name),
            body => (body["metadata"]!["finalizers"] as JsonArray)?.RemoveAll(finalizer => (string?)finalizer == DefinitionCleanup) > 0);
    }
}
