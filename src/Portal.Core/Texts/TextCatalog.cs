using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text;

namespace Portal.Core.Texts;

/// <summary>The texts of one .resx file in every language; placeholders are named: <c>{node}</c>.</summary>
public sealed class TextCatalog(string source, Assembly assembly)
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
        var filled = new StringBuilder(text);
        foreach (var (name, value) in arguments) filled.Replace("{" + name + "}", Convert.ToString(value, culture));
        return filled.ToString();
    }
}
