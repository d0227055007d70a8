using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>What differs between two states of an object.</summary>
internal sealed class FieldComparison
{
    private static readonly HashSet<string> ServerOwned =
    [
        ".apiVersion", ".kind", ".metadata.name", ".metadata.namespace", ".metadata.uid", ".metadata.creationTimestamp", ".metadata.generation",
        ".metadata.resourceVersion", ".metadata.managedFields", ".metadata.selfLink", ".metadata.deletionTimestamp", ".metadata.deletionGracePeriodSeconds",
    ];

    /// <summary>Places that were added or have another value.</summary>
    public FieldSet Changed { get; } = new();

    public FieldSet Removed { get; } = new();

    public static FieldComparison Of(FieldRule rule, JsonObject before, JsonObject after)
    {
        var comparison = new FieldComparison();
        comparison.Compare(rule, before, after, comparison.Changed, comparison.Removed, isRoot: true);
        return comparison;
    }

    /// <summary>Every place a document names.</summary>
    public static FieldSet PlacesOf(FieldRule rule, JsonObject document)
    {
        var set = new FieldSet();
        Collect(rule, document, set, isNew: false);
        set.IsMember = false;
        return set;
    }

    private void Compare(FieldRule rule, JsonNode? before, JsonNode? after, FieldSet changed, FieldSet removed, bool isRoot = false)
    {
        if (before is JsonObject oldMap && after is JsonObject newMap && !rule.IsAtomicMap)
        {
            foreach (var name in oldMap.Select(field => field.Key).Union(newMap.Select(field => field.Key)).ToArray())
                Step(rule.Field(name), "f:" + name, oldMap.ContainsKey(name), newMap.ContainsKey(name), oldMap[name], newMap[name], changed, removed);
            if (!isRoot && oldMap.Count > 0 && newMap.Count == 0) changed.IsMember = true;
            return;
        }
        if (before is JsonArray oldList && after is JsonArray newList && rule.Itemizes(oldList) && rule.Itemizes(newList))
        {
            var (old, now) = (Index(rule, oldList), Index(rule, newList));
            foreach (var step in old.Keys.Union(now.Keys).ToArray())
                Step(rule.Item, step, old.ContainsKey(step), now.ContainsKey(step), old.GetValueOrDefault(step), now.GetValueOrDefault(step), changed, removed);
            return;
        }
        if (!JsonNode.DeepEquals(before, after)) changed.IsMember = true;
    }

    private void Step(FieldRule rule, string step, bool was, bool isNow, JsonNode? before, JsonNode? after, FieldSet changed, FieldSet removed)
    {
        if (ServerOwned.Contains(rule.Path) && step.StartsWith("f:", StringComparison.Ordinal)) return;
        var (changedHere, removedHere) = (new FieldSet(), new FieldSet());
        if (!was) Collect(rule, after, changedHere, isNew: true);
        else if (!isNow) removedHere.IsMember = true;
        else Compare(rule, before, after, changedHere, removedHere);
        if (!changedHere.IsEmpty) changed.At(step).Add(changedHere);
        if (!removedHere.IsEmpty) removed.At(step).Add(removedHere);
    }

    // An update that adds a map owns the map itself too; an applied document owns only what it names in it.
    private static void Collect(FieldRule rule, JsonNode? node, FieldSet set, bool isNew)
    {
        var isItemized = node is JsonArray items && rule.Itemizes(items);
        var isMap = node is JsonObject && !rule.IsAtomicMap;
        set.IsMember |= isNew || node is JsonObject { Count: 0 } or JsonArray { Count: 0 } || !(isItemized || isMap);
        if (isMap)
        {
            foreach (var (name, value) in node!.AsObject())
            {
                var field = rule.Field(name);
                if (ServerOwned.Contains(field.Path)) continue;
                var places = new FieldSet();
                Collect(field, value, places, isNew);
                if (!places.IsEmpty) set.At("f:" + name).Add(places);
            }
            if (rule.Path == ".metadata") set.IsMember = false;
        }
        if (!isItemized) return;
        foreach (var item in node!.AsArray())
        {
            var place = set.At(rule.StepOf(item));
            place.IsMember = true;
            if (item is JsonObject) Collect(rule.Item, item, place, isNew);
        }
    }

    private static Dictionary<string, JsonNode?> Index(FieldRule rule, JsonArray list)
    {
        var index = new Dictionary<string, JsonNode?>();
        foreach (var item in list) index[rule.StepOf(item)] = item;
        return index;
    }
}
