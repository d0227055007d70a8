namespace Portal.Layout;

/// <summary>Light and dark: their style sheets, and the cookie that keeps a person's choice.</summary>
public static class Appearance
{
    public const string Light = "light";
    public const string Dark = "dark";

    /// <summary>Written by <c>js/start.js</c> when the switch is pressed.</summary>
    public const string Cookie = "portal-theme";

    public static readonly (string Theme, string Path)[] Sheets =
    [
        (Light, "_content/Radzen.Blazor/css/material-base.css"), (Light, "_content/Radzen.Blazor/css/material-wcag.css"),
        (Dark, "_content/Radzen.Blazor/css/material-dark-base.css"), (Dark, "_content/Radzen.Blazor/css/material-dark-wcag.css"),
    ];

    /// <summary>The person's choice, or null to follow the system.</summary>
    public static string? Chosen(string? cookie) => cookie is Light or Dark ? cookie : null;

    public static string MediaOf(string theme, string? chosen) => chosen is null ? $"(prefers-color-scheme: {theme})" : chosen == theme ? "all" : "not all";
}
