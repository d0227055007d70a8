using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Portal.Core.Kubernetes;

/// <summary>One request to the API: the path is relative to the server and carries the query.</summary>
internal sealed record KubeRequest(HttpMethod Method, string Path, string? Body = null, string? ContentType = null)
{
    public const string ApplyPatch = "application/apply-patch+yaml";

    /// <summary>Receives the server's warnings (a deprecated version, an unknown field); null drops them.</summary>
    public Action<string>? OnWarning { get; init; }

    public Impersonation? Impersonate { get; init; }

    public static KubeRequest Get(string path) => new(HttpMethod.Get, path);

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Path) { Version = HttpVersion.Version20 };
        if (Body is not null) message.Content = new StringContent(Body, Encoding.UTF8, new MediaTypeHeaderValue(ContentType!));
        Impersonate?.AddTo(message);
        return message;
    }

    /// <summary>"?a=b&amp;c=d" of the parameters that are not null.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
            if (value is not null) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return query.ToString();
    }

    public static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Method and path, as errors name the request; never the query or the body.</summary>
    public override string ToString() => Method + " " + Path.Split('?')[0];
}
