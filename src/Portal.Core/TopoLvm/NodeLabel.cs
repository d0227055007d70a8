using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm;

/// <summary>The label by which a node is enabled for storage: lvmd and topolvm-node run where it stands.</summary>
public sealed record NodeLabel(string Key, string Value)
{
    /// <summary>The one that edgeadm's manifests select.</summary>
    public static readonly NodeLabel Default = new(TopoLvmNodeLabel.Key, TopoLvmNodeLabel.Value);

    /// <summary>Reads "key=value"; null when that is not the form of a label.</summary>
    public static NodeLabel? TryParse(string text) =>
        text.Split('=') is [var key, var value] && IsKey(key) && IsPart(value) ? new(key, value) : null;

    public bool IsOn(ObjectMeta node) => node.Labels.GetValueOrDefault(Key) == Value;

    /// <summary>The node as it would be with the label.</summary>
    public Node On(Node node) => node with { Metadata = node.Metadata with { Labels = node.Metadata.Labels.SetItem(Key, Value) } };

    public override string ToString() => Key + "=" + Value;

    private static bool IsKey(string key) => key.Split('/') switch
    {
        [var name] => IsPart(name),
        [var domain, var name] => IsPart(domain) && IsPart(name),
        _ => false,
    };

    // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
    private static bool IsPart(string text) => text.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
