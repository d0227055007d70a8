namespace Portal.Components;

/// <summary>Spans of time as people say them: one unit, rounded down.</summary>
public static class AgeText
{
    public static string Ago(TimeSpan age) => age < TimeSpan.FromSeconds(1) ? ComponentTexts.JustNow : ComponentTexts.Ago(Span(age));

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => ComponentTexts.Seconds(span.TotalSeconds < 0 ? 0 : Math.Round(span.TotalSeconds, 1)),
        { TotalSeconds: < 60 } => ComponentTexts.Seconds((int)span.TotalSeconds),
        { TotalMinutes: < 60 } => ComponentTexts.Minutes((int)span.TotalMinutes),
        { TotalHours: < 48 } => ComponentTexts.Hours((int)span.TotalHours),
        _ => ComponentTexts.Days((int)span.TotalDays),
    };
}
