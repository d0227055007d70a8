using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Several sentences as one.</summary>
public static class Sentences
{
    public static Message Join(IEnumerable<Message> sentences) => sentences.Aggregate((first, second) => InstallTexts.Both(first, second));
}
