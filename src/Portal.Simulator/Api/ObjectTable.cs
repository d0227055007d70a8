using System.Collections.Immutable;

namespace Portal.Simulator.Api;

// A sorted set that is replaced at each change: readers need no lock, and a paged list keeps reading the revision it started at.

/// <summary>The objects of one resource, their recent changes and the watches on them. Changed only inside the store's commit.</summary>
internal sealed class ObjectTable
{
    private const int HistoryLength = 16384;
    private const int OpenLists = 64;

    private readonly Queue<StoreChange> _history = new();
    private readonly Dictionary<long, ImmutableSortedSet<StoredObject>> _lists = [];
    private readonly List<WatchStream> _watches = [];
    private ImmutableSortedSet<StoredObject> _objects = ImmutableSortedSet.Create<StoredObject>(new ByKey());
    private long _compacted;

    public ImmutableSortedSet<StoredObject> Objects => Volatile.Read(ref _objects);

    /// <summary>Watches that are open now.</summary>
    public ImmutableArray<WatchStream> Watches
    {
        get
        {
            lock (_watches) return [.. _watches];
        }
    }

    public StoredObject? Find(string key) => Objects.TryGetValue(StoredObject.At(key), out var found) ? found : null;

    public void Publish(StoreChange change)
    {
        var without = change.Previous is null ? _objects : _objects.Remove(change.Previous);
        Volatile.Write(ref _objects, change.Type == ChangeType.Deleted ? without : without.Add(change.Object));
        _history.Enqueue(change);
        if (_history.Count > HistoryLength) _compacted = _history.Dequeue().Object.Revision;
        foreach (var watch in Watches) watch.Offer(change);
    }

    public void Seed(IReadOnlyCollection<StoredObject> added, long revision)
    {
        Volatile.Write(ref _objects, Objects.Union(added));
        _compacted = revision;
    }

    public WatchStream Watch(ResourceType type, long? after, long now)
    {
        if (after < _compacted) throw Refusal.TooOld(after.Value, _compacted);
        var watch = new WatchStream(now, Forget);
        if (after is null)
        {
            foreach (var present in Objects) watch.Offer(new(type, ChangeType.Added, present, null));
        }
        else
        {
            foreach (var change in _history.Where(change => change.Object.Revision > after)) watch.Offer(change);
        }
        lock (_watches) _watches.Add(watch);
        return watch;
    }

    public void Compact(long revision)
    {
        _history.Clear();
        _compacted = revision;
        lock (_lists) _lists.Clear();
    }

    /// <summary>Keeps the objects of a list that will be continued.</summary>
    public void Keep(long revision, ImmutableSortedSet<StoredObject> objects)
    {
        lock (_lists)
        {
            _lists[revision] = objects;
            if (_lists.Count > OpenLists) _lists.Remove(_lists.Keys.Min());
        }
    }

    /// <summary>The objects a list began with, or null when they are no longer kept.</summary>
    public ImmutableSortedSet<StoredObject>? Kept(long revision)
    {
        lock (_lists) return _lists.GetValueOrDefault(revision);
    }

    private void Forget(WatchStream watch)
    {
        lock (_watches) _watches.Remove(watch);
    }

    private sealed class ByKey : IComparer<StoredObject>
    {
        public int Compare(StoredObject? left, StoredObject? right) => string.CompareOrdinal(left?.Key, right?.Key);
    }
}
