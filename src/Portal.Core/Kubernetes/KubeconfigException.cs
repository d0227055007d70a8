using Portal.Core.Texts;

namespace Portal.Core.Kubernetes;

/// <summary>The configuration of a connection cannot be used; the sentence says which file or program, and what to do.</summary>
public sealed class KubeconfigException(Message problem, Exception? cause = null) : Exception(problem.English, cause)
{
    public Message Problem { get; } = problem;
}
