namespace Portal.Database;

/// <summary>What became of a change that began on what a person saw: it was saved, or somebody else was there before.</summary>
/// <param name="Theirs">What is kept now; null where it was saved, and where it was deleted meanwhile.</param>
public sealed record SaveOutcome<T>(bool IsSaved, T? Theirs) where T : class
{
    public static readonly SaveOutcome<T> Saved = new(true, null);

    public bool IsGone => !IsSaved && Theirs is null;
}
