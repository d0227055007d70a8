using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Texts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Turns one YAML document into JSON: placeholders filled in, conditions decided, scalars typed as YAML 1.2 does.</summary>
internal sealed partial class ManifestRenderer(ManifestValues values, ICollection<ManifestProblem> problems, ICollection<LeftOut> leftOut)
{
    // Aliases may repeat a mapping; more than this is an alias bomb, not a manifest.
    private const int MostNodes = 50_000;

    private int _nodes;
    private string _document = "";

    /// <summary>The JSON, or null for a document whose condition does not hold.</summary>
    public JsonNode? Render(YamlNode root)
    {
        _document = Describe(root);
        return Convert(root, out var dropped) is { } json && !dropped ? json : null;
    }

    private JsonNode? Convert(YamlNode node, out bool dropped)
    {
        dropped = false;
        if (++_nodes > MostNodes)
        {
            if (_nodes == MostNodes + 1) Report(node, InstallTexts.TooManyNodes);
            return null;
        }
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode sequence => Sequence(sequence),
            YamlMappingNode mapping => Mapping(mapping, out dropped),
            _ => null,
        };
    }

    private JsonArray Sequence(YamlSequenceNode sequence)
    {
        var array = new JsonArray();
        foreach (var child in sequence.Children)
        {
            var value = Convert(child, out var dropped);
            if (!dropped) array.Add(value);
        }
        return array;
    }

    private JsonNode? Mapping(YamlMappingNode mapping, out bool dropped)
    {
        dropped = false;
        var json = new JsonObject();
        JsonNode? inPlace = null;
        var hasValue = false;
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            if (keyNode is not YamlScalarNode { Value: { } rawKey })
            {
                Report(keyNode, InstallTexts.KeyNotText);
                continue;
            }
            if (rawKey == "$when")
            {
                dropped |= !Holds(valueNode, mapping);
                continue;
            }
            var value = Convert(valueNode, out var valueDropped);
            if (rawKey == "$value") (inPlace, hasValue) = (value, true);
            else if (!valueDropped) json[Fill(rawKey, keyNode)] = value;
        }
        return hasValue ? inPlace : json;
    }

    private bool Holds(YamlNode condition, YamlMappingNode of)
    {
        var names = condition is YamlSequenceNode list ? list.Children : [condition];
        var holds = true;
        foreach (var name in names)
        {
            var text = (name as YamlScalarNode)?.Value ?? "";
            var negated = text.StartsWith('!');
            if (!values.Conditions.TryGetValue(negated ? text[1..] : text, out var found))
            {
                Report(name, InstallTexts.UnknownCondition(text, string.Join(", ", values.Conditions.Keys.Order(StringComparer.Ordinal))));
                continue;
            }
            if (found.Holds != negated) continue;
            // The first condition that fails is the reason; a part that was not asked for needs none.
            if (holds && !negated && found.WhyNot is { } why) leftOut.Add(new(WhatIs(of), why));
            holds = false;
            if (found.WhyNot is null) break;
        }
        return holds;
    }

    private string WhatIs(YamlMappingNode part)
    {
        var own = Describe(part);
        if (own.Length > 0 && own == _document) return own;
        return Text(part, "name") is { } name ? $"{_document}: {name}" : _document;
    }

    private string Describe(YamlNode root)
    {
        if (root is not YamlMappingNode mapping || Text(mapping, "kind") is not { } kind) return "";
        var name = mapping.Children.TryGetValue("metadata", out var metadata) && metadata is YamlMappingNode meta ? Text(meta, "name") : null;
        return $"{kind} {name}";
    }

    private string? Text(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(key, out var node) && node is YamlScalarNode { Value: { } raw }
            ? Placeholder().Replace(raw, hole => values.Placeholders.GetValueOrDefault(hole.Groups[1].Value, hole.Value)) : null;

    private JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = Fill(scalar.Value ?? "", scalar);
        if (scalar.Style != ScalarStyle.Plain) return JsonValue.Create(text);
        if (text is "" or "~" or "null") return null;
        if (text is "true" or "false") return JsonValue.Create(text == "true");
        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        return Fraction().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private string Fill(string text, YamlNode at) => Placeholder().Replace(text, hole =>
    {
        if (values.Placeholders.TryGetValue(hole.Groups[1].Value, out var value)) return value;
        Report(at, InstallTexts.UnknownPlaceholder(hole.Value, string.Join(", ", values.Placeholders.Keys.Order(StringComparer.Ordinal))));
        return hole.Value;
    });

    private void Report(YamlNode at, Message text) => problems.Add(new((int)at.Start.Line, (int)at.Start.Column, text));

    [GeneratedRegex(@"\$\{([A-Za-z]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex Fraction();
}
