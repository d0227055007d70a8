using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

// A tree in the shape of the API's fieldsV1: "f:name" is a field, "k:{...}" an item of a list by its keys, "v:..." an item of a set;
// "." says that the place itself is a member, as an empty place always is.

/// <summary>A set of places in an object, as one field manager owns them.</summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    public bool IsMember { get; set; }

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public FieldSet? Find(string step) => _children.GetValueOrDefault(step);

    /// <summary>The subtree under a step, made when absent.</summary>
    public FieldSet At(string step)
    {
        if (!_children.TryGetValue(step, out var child)) _children[step] = child = new FieldSet();
        return child;
    }

    public static FieldSet Read(JsonObject? fields)
    {
        var set = new FieldSet { IsMember = fields is { Count: 0 } };
        foreach (var (step, child) in fields ?? [])
        {
            if (step == ".") set.IsMember = true;
            else set._children[step] = Read(child as JsonObject);
        }
        return set;
    }

    public JsonObject Write()
    {
        var fields = new JsonObject();
        if (IsMember && _children.Count > 0) fields["."] = new JsonObject();
        foreach (var (step, child) in _children) fields[step] = child.Write();
        return fields;
    }

    public FieldSet Clone() => new FieldSet().Add(this);

    public FieldSet Add(FieldSet other)
    {
        IsMember |= other.IsMember;
        foreach (var (step, child) in other._children) At(step).Add(child);
        return this;
    }

    /// <summary>Takes the members of another set out of this one.</summary>
    public FieldSet Remove(FieldSet other)
    {
        if (other.IsMember) IsMember = false;
        foreach (var (step, child) in other._children)
        {
            if (Find(step) is { } mine && mine.Remove(child).IsEmpty) _children.Remove(step);
        }
        return this;
    }

    /// <summary>Takes everything out that lies at or under a member of another set: places that no longer exist.</summary>
    public FieldSet RemoveUnder(FieldSet gone)
    {
        foreach (var (step, child) in gone._children)
        {
            if (Find(step) is not { } mine) continue;
            if (child.IsMember || mine.RemoveUnder(child).IsEmpty) _children.Remove(step);
        }
        return this;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var common = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach (var (step, child) in _children)
        {
            if (other.Find(step) is { } theirs && child.Intersect(theirs) is { IsEmpty: false } both) common._children[step] = both;
        }
        return common;
    }

    /// <summary>Each member, written as messages write it: <c>.spec.containers[name="a"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember && prefix.Length > 0) yield return prefix;
        foreach (var (step, child) in _children)
            foreach (var path in child.Paths(prefix + Text(step))) yield return path;
    }

    private static string Text(string step) => step[..2] switch
    {
        "f:" => "." + step[2..],
        "v:" => "[=" + step[2..] + "]",
        _ => "[" + string.Join(",", JsonNode.Parse(step[2..])!.AsObject().Select(key => key.Key + "=" + key.Value!.ToJsonString())) + "]",
    };
}
