namespace Portal.Components;

/// <summary>How much weight a button has on its page.</summary>
public enum ActionTone
{
    Plain,

    /// <summary>What the page is for; at most one.</summary>
    Main,

    /// <summary>It takes something away.</summary>
    Danger,
}
