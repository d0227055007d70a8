using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Components.Charts;

/// <summary>Which stretch of time charts show, as the URL keeps it: the last part of time (<c>?range=15m</c>), which goes on, or a part of the past
/// (<c>?from=2026-11-27T10:00:00Z&amp;to=…</c>), which stays.</summary>
/// <param name="From">null for the last part of time.</param>
public sealed record ChartRange(TimeSpan Length, DateTimeOffset? From)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // A chart is hardly a thousand pixels wide; more points cannot be seen.
    private const int MostPoints = 900;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    public static readonly ChartRange Usual = new(TimeSpan.FromMinutes(15), null);

    /// <summary>What a person chooses from, by the names that the URL has for them.</summary>
    public static ImmutableArray<(string Id, TimeSpan Length)> Choices { get; } =
    [
        ("5m", TimeSpan.FromMinutes(5)), ("15m", TimeSpan.FromMinutes(15)), ("1h", TimeSpan.FromHours(1)), ("6h", TimeSpan.FromHours(6)),
        ("24h", TimeSpan.FromHours(24)), ("7d", TimeSpan.FromDays(7)), ("30d", TimeSpan.FromDays(30)), ("90d", TimeSpan.FromDays(90)),
    ];

    /// <summary>How often what is shown is measured at most.</summary>
    public TimeSpan Finest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>It ends now, and goes on.</summary>
    public bool IsLive => From is null;

    /// <summary>Its name among <see cref="Choices"/>; null for a part of the past.</summary>
    public string? Id => IsLive ? Choices.FirstOrDefault(choice => choice.Length == Length).Id : null;

    /// <summary>The stretch of time of a point.</summary>
    public TimeSpan Step => TimeSpan.FromSeconds(Math.Max(Finest.TotalSeconds, Math.Ceiling(Length.TotalSeconds / MostPoints)));

    public static ChartRange Between(DateTimeOffset from, DateTimeOffset to) => new(to - from < Shortest ? Shortest : to - from, from);

    /// <summary>The usual range where the URL names none that can be understood.</summary>
    public static ChartRange Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        if (Moment("from") is { } from && Moment("to") is { } to && from < to) return Between(from, to);
        return query.TryGetValue("range", out var id) && Choices.FirstOrDefault(choice => choice.Id == id.ToString()) is { Id: not null } found ? new(found.Length, null) : Usual;

        DateTimeOffset? Moment(string name) => query.TryGetValue(name, out var text)
            && DateTimeOffset.TryParse(text.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
    }

    /// <summary>The parameters of the URL; null takes one away.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["range"] = IsLive && Length != Usual.Length ? Id : null,
        ["from"] = From?.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        ["to"] = (From + Length)?.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
    };

    /// <summary>The edges of the charts at a moment.</summary>
    public (DateTimeOffset From, DateTimeOffset To) At(DateTimeOffset now) => From is { } from ? (from, from + Length) : (now - Length, now);
}
