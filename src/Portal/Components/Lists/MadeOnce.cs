using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portal.Components.Lists;

/// <summary>What is made of the rows of a list, once for all who look at the same rows; it goes when the rows go.</summary>
internal static class MadeOnce
{
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, object>> Kept = [];

    /// <param name="what">Tells one thing made of the rows from another; the language belongs to it where the thing has one.</param>
    public static T Of<TRow, T>(ImmutableArray<TRow> rows, string what, Func<ImmutableArray<TRow>, T> make) where T : class =>
        ImmutableCollectionsMarshal.AsArray(rows) is { } array ? (T)Kept.GetOrCreateValue(array).GetOrAdd(what, _ => make(rows)) : make(rows);
}
