using Portal.Core.Texts;

namespace Portal.Core.Kubernetes;

/// <summary>Turns a failure to reach, or to be served by, an API server into one sentence.</summary>
public static class KubeProblem
{
    public static Message Explain(Exception failure) => Message.Verbatim(failure.Message);
}
