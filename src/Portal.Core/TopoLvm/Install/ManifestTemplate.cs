using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Texts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.TopoLvm.Install;

// A profile is YAML that a person can read and edit. Besides what Kubernetes knows, it may say:
//   ${name}                   in a key or a value, replaced after the YAML is parsed, so that a value never changes the structure
//   $when: condition          in any mapping: it is dropped unless the condition (or each of a list; "!x": not x) holds
//   $value: x                 beside $when, in place of a mapping: a scalar that depends on a condition
//   apiVersion: [a/v1, a/v1beta1]   the first that the cluster serves
//   $keep, $optional, $shared: true at the top of a document: see ManifestDocument

/// <summary>The manifests of a profile as written, before placeholders and conditions are resolved.</summary>
public sealed class ManifestTemplate
{
    private readonly ImmutableArray<YamlNode> _documents;

    private ManifestTemplate(ImmutableArray<YamlNode> documents) => _documents = documents;

    /// <summary>Parses YAML with any number of documents; null and one problem when it is not YAML.</summary>
    public static ManifestTemplate? Parse(string yaml, ICollection<ManifestProblem> problems)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException broken)
        {
            problems.Add(new((int)broken.Start.Line, (int)broken.Start.Column, InstallTexts.NotYaml(broken.Message)));
            return null;
        }
        return new([.. stream.Documents.Select(document => document.RootNode).Where(root => !IsEmpty(root))]);
    }

    /// <summary>The documents with placeholders filled in and conditions decided; what is wrong goes to <paramref name="problems"/>.</summary>
    public ImmutableArray<ManifestDocument> Render(ManifestValues values, ICollection<ManifestProblem> problems, ICollection<LeftOut> leftOut)
    {
        var rendered = ImmutableArray.CreateBuilder<ManifestDocument>();
        foreach (var root in _documents)
        {
            var (line, column) = ((int)root.Start.Line, (int)root.Start.Column);
            var renderer = new ManifestRenderer(values, problems, leftOut);
            switch (renderer.Render(root))
            {
                case JsonObject json when ManifestDocument.From(json, line, column, problems) is { } document:
                    rendered.Add(document);
                    break;
                case JsonObject or null:
                    break;
                default:
                    problems.Add(new(line, column, InstallTexts.DocumentNotMapping));
                    break;
            }
        }
        return rendered.ToImmutable();
    }

    private static bool IsEmpty(YamlNode root) => root is YamlScalarNode { Value: null or "" };
}

/// <summary>What fills a template: placeholder values, and which conditions hold.</summary>
public sealed record ManifestValues(ImmutableDictionary<string, string> Placeholders, ImmutableDictionary<string, ManifestCondition> Conditions);

/// <summary>A condition of <c>$when</c>.</summary>
/// <param name="WhyNot">Why it does not hold, when a person should read it before an install; null where it simply was not asked for.</param>
public sealed record ManifestCondition(bool Holds, Message? WhyNot = null);

/// <summary>A part of a profile that is not installed on this cluster, and why.</summary>
public sealed record LeftOut(string What, Message Reason);
