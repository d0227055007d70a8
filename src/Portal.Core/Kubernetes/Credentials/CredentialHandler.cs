using System.Net;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>Adds credentials and the kubeconfig's impersonation to each request, and tries once more with renewed credentials after a 401.</summary>
internal sealed class CredentialHandler(ICredential credential, Impersonation? impersonation, string? tlsServerName, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // SocketsHttpHandler takes the name for SNI and for the certificate check from the Host header, not from SslOptions.TargetHost.
        if (tlsServerName is not null) request.Headers.Host = tlsServerName;
        if (impersonation is not null && !request.Headers.Contains("Impersonate-User")) impersonation.AddTo(request);
        request.Headers.Authorization = await credential.AuthorizeAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        if (!await credential.RenewAsync(request.Headers.Authorization, cancellationToken)) return response;
        response.Dispose();
        request.Headers.Authorization = await credential.AuthorizeAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
