using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>Lets owned objects follow their owners: in the background, before the owner (foreground), or not at all (orphan).</summary>
internal sealed class GarbageCollector(ObjectStore store, Deletion deletion)
{
    private readonly Dictionary<string, HashSet<(ResourceType Type, ObjectName Name)>> _dependents = [];
    private readonly Dictionary<string, (ResourceType Type, ObjectName Name)> _live = [];

    public void Follow(StoreChange change)
    {
        foreach (var owner in change.Previous?.OwnerUids ?? []) _dependents.GetValueOrDefault(owner)?.Remove((change.Resource, change.Object.Name));
        if (change.Type == ChangeType.Deleted)
        {
            _live.Remove(change.Object.Uid);
            foreach (var owner in change.Object.OwnerUids) FinishForeground(owner);
            foreach (var dependent in DependentsOf(change.Object.Uid)) Reconsider(dependent);
            _dependents.Remove(change.Object.Uid);
            return;
        }
        _live[change.Object.Uid] = (change.Resource, change.Object.Name);
        foreach (var owner in change.Object.OwnerUids)
        {
            if (!_dependents.TryGetValue(owner, out var owned)) _dependents[owner] = owned = [];
            owned.Add((change.Resource, change.Object.Name));
        }
        if (change.Type == ChangeType.Added && !change.Object.OwnerUids.IsEmpty) Reconsider((change.Resource, change.Object.Name));
        if (change.Object.IsDeleting) Release(change.Resource, change.Object);
    }

    private (ResourceType Type, ObjectName Name)[] DependentsOf(string uid) => _dependents.TryGetValue(uid, out var owned) ? [.. owned] : [];

    /// <summary>Deletes an object whose owners are all gone, and forgets the owners that are.</summary>
    private void Reconsider((ResourceType Type, ObjectName Name) dependent)
    {
        if (store.Find(dependent.Type, dependent.Name) is not { IsDeleting: false } found || found.OwnerUids.All(_live.ContainsKey)) return;
        if (!found.OwnerUids.Any(_live.ContainsKey))
        {
            deletion.Delete(dependent.Type, found, DeletionWish.Background with { Uid = found.Uid });
            return;
        }
        deletion.Edit(dependent.Type, dependent.Name, body => RemoveOwners(body, uid => !_live.ContainsKey(uid)));
    }

    private void Release(ResourceType type, StoredObject owner)
    {
        var finalizers = owner.Read()["metadata"]!["finalizers"] as JsonArray;
        if (Has(finalizers, Deletion.Orphan))
        {
            foreach (var dependent in DependentsOf(owner.Uid)) deletion.Edit(dependent.Type, dependent.Name, body => RemoveOwners(body, uid => uid == owner.Uid));
            deletion.Edit(type, owner.Name, body => RemoveFinalizer(body, Deletion.Orphan));
        }
        if (!Has(finalizers, Deletion.Foreground)) return;
        var blocking = DependentsOf(owner.Uid).Select(dependent => (dependent.Type, Found: store.Find(dependent.Type, dependent.Name))).Where(dependent => dependent.Found is not null).ToArray();
        foreach (var (dependentType, found) in blocking.Where(dependent => !dependent.Found!.IsDeleting))
            deletion.Delete(dependentType, found!, DeletionWish.Background with { Propagation = "Foreground" });
        if (!blocking.Any(dependent => Blocks(dependent.Found!, owner.Uid))) deletion.Edit(type, owner.Name, body => RemoveFinalizer(body, Deletion.Foreground));
    }

    private void FinishForeground(string ownerUid)
    {
        if (_live.TryGetValue(ownerUid, out var place) && store.Find(place.Type, place.Name) is { IsDeleting: true } deleting && deleting.Uid == ownerUid) Release(place.Type, deleting);
    }

    private static bool Blocks(StoredObject dependent, string ownerUid) => dependent.Read()["metadata"]!["ownerReferences"]!.AsArray()
        .Any(owner => (string?)owner!["uid"] == ownerUid && (bool?)owner["blockOwnerDeletion"] == true);

    private static bool Has(JsonArray? finalizers, string name) => finalizers?.Any(finalizer => (string?)finalizer == name) == true;

    private static bool RemoveFinalizer(JsonObject body, string name) =>
        body["metadata"]!["finalizers"] is JsonArray finalizers && finalizers.RemoveAll(finalizer => (string?)finalizer == name) > 0;

    private static bool RemoveOwners(JsonObject body, Func<string, bool> isGone) =>
        body["metadata"]!["ownerReferences"] is JsonArray owners && owners.RemoveAll(owner => isGone((string)owner!["uid"]!)) > 0;
}
