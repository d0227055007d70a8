using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life;

// A pass looks at everything again, but most of a large cluster has not changed since the last one, and an object that has not
// changed is the same instance. So what is looked up or filtered is read from each instance once, and a group none of whose
// objects has changed stays the same array.

/// <summary>Objects of one kind, grouped by keys that are read from each; an object may be in several groups or in none.</summary>
internal sealed class ObjectIndex<TKey>(Func<KubeObject, IEnumerable<TKey>> read) where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectName, Entry> _known = [];
    private readonly Dictionary<TKey, (List<KubeObject> Gone, List<KubeObject> Come)> _touched = [];
    private ImmutableDictionary<ObjectName, KubeObject>? _seen;
    private ImmutableDictionary<TKey, ImmutableArray<KubeObject>> _groups = ImmutableDictionary<TKey, ImmutableArray<KubeObject>>.Empty;

    /// <summary>The groups of a copy of the kind, which should be the newest.</summary>
    public ImmutableDictionary<TKey, ImmutableArray<KubeObject>> Of(ImmutableDictionary<ObjectName, KubeObject> objects)
    {
        lock (_gate)
        {
            if (ReferenceEquals(objects, _seen)) return _groups;
            foreach (var (name, item) in objects) Follow(name, item);
            if (_known.Count > objects.Count)
                foreach (var name in _known.Keys.Where(name => !objects.ContainsKey(name)).ToArray()) Forget(name);
            Regroup();
            _seen = objects;
            return _groups;
        }
    }

    /// <summary>One group; empty when there is none.</summary>
    public ImmutableArray<KubeObject> Of(ImmutableDictionary<ObjectName, KubeObject> objects, TKey key) => Of(objects).TryGetValue(key, out var group) ? group : [];

    private void Follow(ObjectName name, KubeObject item)
    {
        if (_known.TryGetValue(name, out var before))
        {
            if (ReferenceEquals(before.Object, item)) return;
            foreach (var key in before.Keys) Touched(key).Gone.Add(before.Object);
        }
        var entry = new Entry(item, [.. read(item)]);
        _known[name] = entry;
        foreach (var key in entry.Keys) Touched(key).Come.Add(item);
    }

    private void Forget(ObjectName name)
    {
        _known.Remove(name, out var before);
        foreach (var key in before.Keys) Touched(key).Gone.Add(before.Object);
    }

    private (List<KubeObject> Gone, List<KubeObject> Come) Touched(TKey key)
    {
        if (!_touched.TryGetValue(key, out var lists)) _touched[key] = lists = ([], []);
        return lists;
    }

    private void Regroup()
    {
        if (_touched.Count == 0) return;
        var groups = _groups.ToBuilder();
        foreach (var (key, (gone, come)) in _touched)
        {
            var left = groups.TryGetValue(key, out var group) ? gone.Count == 0 ? group : group.RemoveRange(gone) : [];
            left = left.AddRange(come);
            if (left.IsEmpty) groups.Remove(key);
            else groups[key] = left;
        }
        _touched.Clear();
        _groups = groups.ToImmutable();
    }

    private readonly record struct Entry(KubeObject Object, TKey[] Keys);
}
