using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Portal.Simulator.Api;

/// <summary>One page of a list, all pages of which show the revision the first one was read at.</summary>
internal sealed record Page(IReadOnlyList<StoredObject> Items, long Revision, string? Continue, int? Remaining)
{
    public static Page Of(ApiRequest request, ObjectStore store, ObjectFilter filter)
    {
        var limit = int.TryParse(request.Query("limit"), CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : int.MaxValue;
        var (objects, revision, start) = request.Query("continue") is { Length: > 0 } token ? Resume(token, store.Table(request.Type)) : First(request, store);
        var prefix = filter.Namespace is null ? "" : filter.Namespace + "/";
        var index = IndexOf(objects, start ?? prefix);
        var items = new List<StoredObject>();
        for (; index < objects.Count; index++)
        {
            var candidate = objects[index];
            if (!candidate.Key.StartsWith(prefix, StringComparison.Ordinal)) break;
            if (!filter.Matches(candidate)) continue;
            if (items.Count == limit)
            {
                store.Table(request.Type).Keep(revision, objects);
                // '0' is the character after '/': the first key that is not in the namespace.
                var end = prefix.Length == 0 ? objects.Count : IndexOf(objects, filter.Namespace + "0");
                return new(items, revision, Token(revision, candidate.Key), filter.IsSelective ? null : end - index);
            }
            items.Add(candidate);
        }
        return new(items, revision, null, null);
    }

    private static (ImmutableSortedSet<StoredObject> Objects, long Revision, string? Start) First(ApiRequest request, ObjectStore store)
    {
        var (objects, revision) = store.Snapshot(request.Type);
        return (objects, revision, null);
    }

    private static (ImmutableSortedSet<StoredObject> Objects, long Revision, string? Start) Resume(string token, ObjectTable table)
    {
        var (revision, start) = ReadToken(token);
        var objects = table.Kept(revision) ?? throw Refusal.Expired(
            "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
        return (objects, revision, start);
    }

    private static int IndexOf(ImmutableSortedSet<StoredObject> objects, string key)
    {
        var index = objects.IndexOf(StoredObject.At(key));
        return index < 0 ? ~index : index;
    }

    private static string Token(long revision, string key) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(revision.ToString(CultureInfo.InvariantCulture) + " " + key));

    private static (long Revision, string Start) ReadToken(string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ', 2);
            return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        }
        catch (Exception bad) when (bad is FormatException or IndexOutOfRangeException)
        {
            throw Refusal.BadRequest("continue key is not valid: " + bad.Message);
        }
    }
}
