using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>How requests prove who makes them. Throws <see cref="KubeconfigException"/> when the proof cannot be had.</summary>
internal interface ICredential
{
    /// <summary>The Authorization header of a request that is about to be sent; null when there is none.</summary>
    ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancel);

    /// <summary>The server answered 401: looks for newer proof. True when there is some, and the request deserves another try.</summary>
    ValueTask<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancel);

    /// <summary>The certificate for a new connection; null when there is none.</summary>
    X509Certificate2? ClientCertificate { get; }
}
