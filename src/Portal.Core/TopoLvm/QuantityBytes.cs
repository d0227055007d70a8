using System.Collections.Concurrent;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm;

/// <summary>Reads quantities of bytes, each text once: tens of thousands of volumes share a few sizes, and a list asks for them at each letter
/// that is typed.</summary>
internal static class QuantityBytes
{
    private const int Most = 10_000;

    private static readonly ConcurrentDictionary<string, long?> Known = new();

    /// <summary>Null for a text that is no quantity.</summary>
    public static long? Of(string text)
    {
        if (Known.TryGetValue(text, out var known)) return known;
        if (Known.Count >= Most) Known.Clear();
        return Known[text] = Quantity.TryParse(text, out var size) ? size.Value : null;
    }
}
