using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>A token or a name and password that stand in the kubeconfig itself, or nothing.</summary>
internal sealed class FixedCredential : ICredential
{
    public static readonly FixedCredential None = new(null, null);

    private readonly string? _scheme;
    private readonly Secret? _parameter;

    private FixedCredential(string? scheme, Secret? parameter)
    {
        _scheme = scheme;
        _parameter = parameter;
    }

    public X509Certificate2? ClientCertificate => null;

    public static FixedCredential Token(Secret token) => new("Bearer", token);

    public static FixedCredential Password(string name, Secret password) =>
        new("Basic", new Secret(Convert.ToBase64String(Encoding.UTF8.GetBytes(name + ":" + password.Reveal()))));

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancel) =>
        new(_scheme is null ? null : new AuthenticationHeaderValue(_scheme, _parameter!.Reveal()));

    public ValueTask<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancel) => new(false);
}
