using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Something wrong in a profile's YAML, where an editor can point at it.</summary>
/// <param name="Line">1 for the first line.</param>
/// <param name="Column">1 for the first character.</param>
public sealed record ManifestProblem(int Line, int Column, Message Text)
{
    /// <summary>The sentence with its place, for pages without an editor.</summary>
    public Message WithPlace => InstallTexts.ProblemAt(Line, Column, Text);
}
