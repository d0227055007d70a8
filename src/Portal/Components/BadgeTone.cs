namespace Portal.Components;

/// <summary>What a state means to the person who reads it.</summary>
public enum BadgeTone
{
    Good,
    Bad,
    Warn,

    /// <summary>Something is under way.</summary>
    Busy,

    Quiet,
}
