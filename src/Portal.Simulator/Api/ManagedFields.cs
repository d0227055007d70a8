using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>One manager of an object and the places it owns.</summary>
internal sealed record FieldOwner(string Name, string Operation, string ApiVersion, string? Subresource, string Time, FieldSet Set)
{
    public bool IsApply => Operation == "Apply";

    /// <summary>As messages name it.</summary>
    public override string ToString() => IsApply ? $"\"{Name}\"" : $"\"{Name}\" using {ApiVersion}";
}

/// <summary>Who owns which field of an object: metadata.managedFields.</summary>
internal static class ManagedFields
{
    public static List<FieldOwner> Read(JsonObject body) => body["metadata"]?["managedFields"] is JsonArray entries
        ? [.. entries.OfType<JsonObject>().Select(entry => new FieldOwner(
            Document.Text(entry["manager"]) ?? "", Document.Text(entry["operation"]) ?? "", Document.Text(entry["apiVersion"]) ?? "",
            Document.Text(entry["subresource"]), Document.Text(entry["time"]) ?? "", FieldSet.Read(entry["fieldsV1"] as JsonObject)))]
        : [];

    public static void Write(JsonObject body, IEnumerable<FieldOwner> managers) =>
        body["metadata"]!["managedFields"] = new JsonArray([.. managers.Where(manager => !manager.Set.IsEmpty).Select(Entry)]);

    /// <summary>Gives what an update changed to its manager, and takes it from the others.</summary>
    public static void Track(FieldRule rule, JsonObject before, JsonObject after, FieldOwner writer)
    {
        var comparison = FieldComparison.Of(rule, before, after);
        var managers = Read(before);
        foreach (var manager in managers)
        {
            manager.Set.Remove(comparison.Changed);
            manager.Set.RemoveUnder(comparison.Removed);
        }
        if (!comparison.Changed.IsEmpty)
        {
            var index = managers.FindIndex(manager => IsSame(manager, writer));
            if (index < 0) managers.Add(writer with { Set = comparison.Changed });
            else managers[index] = writer with { Set = managers[index].Set.Add(comparison.Changed) };
        }
        Write(after, managers);
    }

    public static bool IsSame(FieldOwner left, FieldOwner right) =>
        left.Name == right.Name && left.Operation == right.Operation && left.ApiVersion == right.ApiVersion && left.Subresource == right.Subresource;

    private static JsonObject Entry(FieldOwner manager)
    {
        var entry = new JsonObject
        {
            ["manager"] = manager.Name,
            ["operation"] = manager.Operation,
            ["apiVersion"] = manager.ApiVersion,
            ["time"] = manager.Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = manager.Set.Write(),
        };
        if (manager.Subresource is not null) entry["subresource"] = manager.Subresource;
        return entry;
    }
}
