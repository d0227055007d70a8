using System.Globalization;

namespace Portal.Simulator.Api;

/// <summary>The order of preference of API versions: stable before beta before alpha, newer first (v2, v1, v1beta2, v1alpha1).</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder NewestFirst = new();

    public int Compare(string? left, string? right) => Rank(right!).CompareTo(Rank(left!));

    private static (int Stability, int Major, int Minor) Rank(string version)
    {
        foreach (var (word, stability) in new[] { ("beta", 1), ("alpha", 0) })
        {
            var at = version.IndexOf(word, StringComparison.Ordinal);
            if (at > 0) return (stability, Number(version[1..at]), Number(version[(at + word.Length)..]));
        }
        return (2, Number(version[1..]), 0);
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
