using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

// As the API's structured merge: the applied document is laid over the live object, what this manager applied before and no longer names is
// taken away unless somebody else owns it, and what would change under another owner's hands is a conflict.

/// <summary>Server-side apply of one document to an object.</summary>
internal static class ServerSideApply
{
    /// <summary>The object after the apply, with its managers; <paramref name="live"/> is empty for a new one.</summary>
    /// <exception cref="RefusalException">409 naming each field and manager, unless forced.</exception>
    public static JsonObject Apply(FieldRule rule, JsonObject live, JsonObject applied, FieldOwner writer, bool force)
    {
        var managers = ManagedFields.Read(live);
        var mine = FieldComparison.PlacesOf(rule, applied);
        var index = managers.FindIndex(manager => manager.IsApply && manager.Name == writer.Name);
        var last = index < 0 ? null : managers[index];
        var others = managers.Where((_, at) => at != index).ToList();
        var result = live.DeepClone().AsObject();
        Lay(rule, result, applied);
        if (last is not null) Prune(rule, result, last.Set.Clone().Remove(mine), OwnedBy(others));
        var comparison = FieldComparison.Of(rule, live, result);
        Settle(others, comparison, force);
        var isSame = last is not null && last.ApiVersion == writer.ApiVersion && JsonNode.DeepEquals(last.Set.Write(), mine.Write());
        var entry = isSame ? last! : writer with { Set = mine };
        if (index < 0) others.Add(entry); else others.Insert(index, entry);
        ManagedFields.Write(result, others);
        return result;
    }

    private static void Settle(List<FieldOwner> others, FieldComparison comparison, bool force)
    {
        var conflicts = others.Select(manager => (Manager: manager, Fields: manager.Set.Intersect(comparison.Changed))).Where(conflict => !conflict.Fields.IsEmpty).ToArray();
        if (conflicts.Length > 0 && !force) throw Conflict(conflicts);
        foreach (var manager in others)
        {
            manager.Set.Remove(comparison.Changed);
            manager.Set.RemoveUnder(comparison.Removed);
        }
    }

    private static RefusalException Conflict((FieldOwner Manager, FieldSet Fields)[] conflicts)
    {
        var all = conflicts.Select(conflict => (conflict.Manager, Paths: conflict.Fields.Paths().ToArray())).ToArray();
        var count = all.Sum(conflict => conflict.Paths.Length);
        var texts = all.Select(conflict => conflict.Paths is [var only]
            ? $"conflict with {conflict.Manager}: {only}"
            : $"conflicts with {conflict.Manager}:\n{string.Join('\n', conflict.Paths.Select(path => "- " + path))}");
        var causes = all.SelectMany(conflict => conflict.Paths.Select(path => (JsonNode)Refusal.Cause("FieldManagerConflict", $"conflict with {conflict.Manager}", path)));
        return new(409, "Conflict", $"Apply failed with {count} conflict{(count == 1 ? "" : "s")}: {string.Join('\n', texts)}",
            new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    private static FieldSet OwnedBy(IEnumerable<FieldOwner> managers)
    {
        var owned = new FieldSet();
        foreach (var manager in managers) owned.Add(manager.Set);
        return owned;
    }

    private static void Lay(FieldRule rule, JsonObject target, JsonObject applied)
    {
        foreach (var (name, value) in applied)
        {
            if (value is null) continue;
            var field = rule.Field(name);
            if (value is JsonObject map && target[name] is JsonObject inner && !field.IsAtomicMap) Lay(field, inner, map);
            else if (value is JsonArray list && target[name] is JsonArray present && field.Itemizes(list) && field.Itemizes(present)) Lay(field, present, list);
            else target[name] = value.DeepClone();
        }
    }

    private static void Lay(FieldRule rule, JsonArray target, JsonArray applied)
    {
        foreach (var item in applied)
        {
            var step = rule.StepOf(item);
            var present = target.FirstOrDefault(candidate => rule.StepOf(candidate) == step);
            if (present is null) target.Add(item?.DeepClone());
            else if (present is JsonObject map && item is JsonObject named) Lay(rule.Item, map, named);
        }
    }

    /// <summary>Takes away the places of a set that nobody else owns, and the maps that this empties.</summary>
    private static void Prune(FieldRule rule, JsonNode target, FieldSet gone, FieldSet owned)
    {
        foreach (var (step, places) in gone.Children)
        {
            var (key, value) = Locate(rule, target, step);
            if (key is null) continue;
            var theirs = owned.Find(step) ?? new FieldSet();
            var inner = target is JsonObject ? rule.Field(step[2..]) : rule.Item;
            if (places.IsMember && theirs.IsEmpty && (target is JsonArray || IsLeaf(places)))
            {
                Remove(target, key);
                continue;
            }
            if (value is null) continue;
            Prune(inner, value, places, theirs);
            if (value is JsonObject { Count: 0 } or JsonArray { Count: 0 } && theirs.IsEmpty && inner.Path != ".metadata") Remove(target, key);
        }
    }

    private static bool IsLeaf(FieldSet places) => !places.Children.Any();

    private static (object? Key, JsonNode? Value) Locate(FieldRule rule, JsonNode target, string step)
    {
        if (target is JsonObject map) return map.ContainsKey(step[2..]) ? (step[2..], map[step[2..]]) : (null, null);
        if (target is not JsonArray list || !rule.Itemizes(list)) return (null, null);
        for (var i = 0; i < list.Count; i++)
            if (rule.StepOf(list[i]) == step) return (i, list[i]);
        return (null, null);
    }

    private static void Remove(JsonNode target, object key)
    {
        if (key is string name) target.AsObject().Remove(name);
        else target.AsArray().RemoveAt((int)key);
    }
}
