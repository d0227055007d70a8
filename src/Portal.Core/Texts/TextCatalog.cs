using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;

namespace Portal.Core.Texts;

/// <summary>The texts of one .resx file in every language; placeholders are named: <c>{node}</c>.</summary>
public sealed partial class TextCatalog(string source, Assembly assembly)
{
    private readonly ResourceManager _resources = new(source, assembly);

    /// <summary>The text in the current UI culture, placeholders filled in.</summary>
    public string Format(string key, params ReadOnlySpan<(string Name, object? Value)> arguments) =>
        Format(CultureInfo.CurrentUICulture, key, arguments);

    /// <summary>The text in a given culture; a key that no file holds comes back as itself (an old journal may name one).</summary>
    public string Format(CultureInfo culture, string key, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var text = _resources.GetString(key, culture);
        if (text is null) return key;
        if (arguments.Length == 0) return text;
        var values = new Dictionary<string, string?>(arguments.Length, StringComparer.Ordinal);
        foreach (var (name, value) in arguments) values[name] = Convert.ToString(value, culture);
        // In one pass: braces inside an argument are text.
        return Placeholder().Replace(text, hole => values.TryGetValue(hole.Groups[1].Value, out var value) ? value ?? "" : hole.Value);
    }

    [GeneratedRegex(@"\{([a-z][A-Za-z0-9]*)\}")]
    private static partial Regex Placeholder();
}
