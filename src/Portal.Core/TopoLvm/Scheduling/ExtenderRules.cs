namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>How a version of TopoLVM counts when nodes are chosen: what its webhook asks for, and how its extender scores.</summary>
/// <param name="CountsBytes">From 0.23 on a claim counts with its own size, before in whole GiB of at least one.</param>
/// <param name="Least">The score of a node with any free space at all: 1 from 0.23 on, before 0.</param>
public sealed record ExtenderRules(bool CountsBytes, int Least)
{
    public const int Most = 10;

    private const long Gibibyte = 1L << 30;

    private static readonly Version FirstWithBytes = new(0, 23);

    /// <summary>The rules of a version as an image's tag names it; the newest where that is unknown.</summary>
    public static ExtenderRules Of(string? version) =>
        Version.TryParse((version ?? "").TrimStart('v').Split('-', '+')[0], out var number) && number < FirstWithBytes ? new(false, 0) : new(true, 1);

    /// <summary>What a claim's request counts as, in bytes; 0 stands for no request.</summary>
    public long Counted(long requestedBytes) => requestedBytes switch
    {
        <= 0 => Gibibyte,
        _ when CountsBytes => requestedBytes,
        <= Gibibyte => Gibibyte,
        _ => ((requestedBytes - 1) / Gibibyte + 1) * Gibibyte,
    };

    /// <summary>The extender's score of one device class: the binary logarithm of whole free GiB over the divisor, cut to a whole number from
    /// <see cref="Least"/> to <see cref="Most"/>.</summary>
    public int Score(ulong freeBytes, double divisor)
    {
        var gibibytes = freeBytes >> 30;
        if (gibibytes == 0) return freeBytes == 0 ? 0 : Least;
        // Go turns what is no whole number of its range into the least one.
        var logarithm = Math.Log2(gibibytes / divisor);
        return double.IsFinite(logarithm) ? Math.Clamp((int)logarithm, Least, Most) : Least;
    }
}
