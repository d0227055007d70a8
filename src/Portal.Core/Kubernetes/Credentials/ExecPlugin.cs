using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>Credentials that a program prints (client.authentication.k8s.io/v1 and v1beta1): kept until they expire or the server refuses
/// them, and asked for by one request at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class ExecPlugin(ExecCommand command, TimeProvider time) : ICredential
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private ExecCredential? _current;
    private X509Certificate2? _certificate;

    public X509Certificate2? ClientCertificate => Volatile.Read(ref _certificate);

    public async ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancel)
    {
        var current = Volatile.Read(ref _current);
        if (current is null || IsExpired(current)) current = await RunAsync(current, cancel);
        return HeaderOf(current);
    }

    public async ValueTask<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancel)
    {
        var current = Volatile.Read(ref _current);
        // Another request may have renewed it while this one was under way.
        if (current is null || HeaderOf(current)?.Parameter != refused?.Parameter) return true;
        var renewed = await RunAsync(current, cancel);
        return HeaderOf(renewed)?.Parameter != refused?.Parameter || renewed.ClientCertificate != current.ClientCertificate;
    }

    private async Task<ExecCredential> RunAsync(ExecCredential? seen, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            if (_current is { } current && current != seen && !IsExpired(current)) return current;
            var next = await command.RunAsync(cancel);
            if (next.ClientCertificate is not null) Volatile.Write(ref _certificate, Load(next.ClientCertificate, next.ClientKey));
            Volatile.Write(ref _current, next);
            return next;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private X509Certificate2 Load(string certificate, Secret? key)
    {
        try
        {
            return PemCertificate.WithKey(certificate, key ?? new Secret(""));
        }
        catch (CryptographicException unusable)
        {
            throw new KubeconfigException(KubeTexts.ExecAnswer(command.Name, unusable.Message), unusable);
        }
    }

    private bool IsExpired(ExecCredential credential) => credential.ExpiresAt <= time.GetUtcNow();

    private static AuthenticationHeaderValue? HeaderOf(ExecCredential credential) =>
        credential.Token is null ? null : new AuthenticationHeaderValue("Bearer", credential.Token.Reveal());
}
