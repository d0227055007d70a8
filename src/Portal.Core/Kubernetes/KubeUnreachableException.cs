namespace Portal.Core.Kubernetes;

/// <summary>The API server gave no usable answer: it could not be reached, did not answer in time, or something else answered in its place.</summary>
public sealed class KubeUnreachableException(Uri server, string request, HttpRequestError error, string message, Exception cause)
    : HttpRequestException(error, $"{request}: {message}", cause)
{
    public Uri Server { get; } = server;

    /// <summary>Method and path.</summary>
    public string Request { get; } = request;
}
