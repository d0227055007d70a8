namespace Portal.Core.Texts;

/// <summary>What another program said, to be quoted in a sentence of ours.</summary>
public static class ForeignText
{
    /// <summary>Ends it with a full stop, so that ours can follow it.</summary>
    public static string Sentence(string text) => text.TrimEnd() is { Length: > 0 } trimmed && trimmed[^1] is not ('.' or '!' or '?') ? trimmed + "." : text.TrimEnd();
}
