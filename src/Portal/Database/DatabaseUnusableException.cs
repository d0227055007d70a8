using Portal.Core.Texts;

namespace Portal.Database;

/// <summary>The portal cannot work with its database; the sentence says why, and what to do.</summary>
/// <param name="mayPass">Waiting may help: a server that starts, another portal that ends.</param>
public sealed class DatabaseUnusableException(Message problem, bool mayPass, Exception? inner = null) : Exception(problem.English, inner)
{
    public Message Problem { get; } = problem;

    public bool MayPass { get; } = mayPass;
}
