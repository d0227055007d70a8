namespace Portal.Components;

/// <summary>One field of a form that two people may have changed.</summary>
/// <param name="Label">What the person reads beside it.</param>
public sealed record FormField<T>(string Label, Func<T, string> Get, Action<T, string> Set);
