using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>Reads <c>/proc/swaps</c>.</summary>
public static class SwapTable
{
    /// <summary>The partitions and files that the kernel swaps to.</summary>
    public static ImmutableArray<string> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => EscapedText.Decode(line.Split([' ', '\t'], 2)[0])),
    ];
}
