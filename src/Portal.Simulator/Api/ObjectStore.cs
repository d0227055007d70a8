using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

public enum ChangeType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One committed change.</summary>
/// <param name="Object">The object after the change; of a deletion, its last state with the deletion's revision.</param>
/// <param name="Previous">The object before it; null for an addition.</param>
public sealed record StoreChange(ResourceType Resource, ChangeType Type, StoredObject Object, StoredObject? Previous);

/// <summary>Every object of the cluster under one revision counter, with the changes since the last compaction.</summary>
public sealed class ObjectStore
{
    private readonly ConcurrentDictionary<string, ObjectTable> _tables = new();
    private readonly Lock _commit = new();
    private long _revision = 1;

    /// <summary>Raised in order of revision, inside the commit: listeners only take notes.</summary>
    public event Action<StoreChange>? Changed;

    /// <summary>The revision of the last change.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public StoredObject? Find(ResourceType type, ObjectName name) => Table(type).Find(StoredObject.KeyOf(name));

    /// <summary>Every object of a resource, by namespace and name.</summary>
    public IReadOnlyList<StoredObject> All(ResourceType type) => Table(type).Objects;

    /// <summary>Every object of a resource in one namespace.</summary>
    public IReadOnlyList<StoredObject> AllIn(ResourceType type, string ns)
    {
        var objects = Table(type).Objects;
        var prefix = ns + "/";
        var found = new List<StoredObject>();
        var at = objects.IndexOf(StoredObject.At(prefix));
        for (var i = at < 0 ? ~at : at; i < objects.Count && objects[i].Key.StartsWith(prefix, StringComparison.Ordinal); i++) found.Add(objects[i]);
        return found;
    }

    /// <summary>Forgets the history: watches and continue tokens from before end in 410.</summary>
    public void Compact()
    {
        lock (_commit)
        {
            foreach (var table in _tables.Values) table.Compact(_revision);
        }
    }

    /// <summary>The open watches on the resources of some names.</summary>
    internal IEnumerable<WatchStream> Watches(Func<string, bool> ofResource) => _tables.Where(table => ofResource(table.Key)).SelectMany(table => table.Value.Watches);

    internal ObjectTable Table(ResourceType type) => _tables.GetOrAdd(type.GroupResource, _ => new ObjectTable());

    /// <summary>Objects of one resource together with the revision they are current at.</summary>
    internal (ImmutableSortedSet<StoredObject> Objects, long Revision) Snapshot(ResourceType type)
    {
        lock (_commit)
        {
            return (Table(type).Objects, _revision);
        }
    }

    /// <summary>Puts <paramref name="next"/> in the place of <paramref name="expected"/> (null: creates). Null when somebody else was faster.</summary>
    internal StoredObject? TryPut(ResourceType type, StoredObject? expected, JsonObject next)
    {
        lock (_commit)
        {
            var table = Table(type);
            var key = StoredObject.KeyOf(new((string?)next["metadata"]!["namespace"], (string)next["metadata"]!["name"]!));
            if (!ReferenceEquals(table.Find(key), expected)) return null;
            var stored = StoredObject.From(type, next, ++_revision);
            Publish(table, new(type, expected is null ? ChangeType.Added : ChangeType.Modified, stored, expected));
            return stored;
        }
    }

    /// <summary>Puts many new objects of one resource in at once, before anybody looks: no watch hears of them.</summary>
    internal void Seed(ResourceType type, IEnumerable<JsonObject> bodies)
    {
        lock (_commit) Table(type).Seed([.. bodies.Select(body => StoredObject.From(type, body, ++_revision))], _revision);
    }

    /// <summary>Removes exactly this revision of an object. Null when somebody else was faster.</summary>
    internal StoredObject? TryRemove(ResourceType type, StoredObject expected)
    {
        lock (_commit)
        {
            var table = Table(type);
            if (!ReferenceEquals(table.Find(expected.Key), expected)) return null;
            var last = StoredObject.From(type, expected.Read(), ++_revision);
            Publish(table, new(type, ChangeType.Deleted, last, expected));
            return last;
        }
    }

    /// <summary>Follows a resource from after a revision; null also delivers what is there now as additions.</summary>
    /// <exception cref="RefusalException">410 when the changes since then are no longer known.</exception>
    internal WatchStream Watch(ResourceType type, long? after)
    {
        lock (_commit)
        {
            return Table(type).Watch(type, after, _revision);
        }
    }

    private void Publish(ObjectTable table, StoreChange change)
    {
        table.Publish(change);
        Changed?.Invoke(change);
    }
}
