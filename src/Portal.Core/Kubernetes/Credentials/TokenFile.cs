using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>A token in a file that somebody else renews (the kubelet, for a service account): read again each minute, when the file's time
/// changes, and when the server refuses it.</summary>
internal sealed class TokenFile(string path, TimeProvider time) : ICredential
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private Secret? _token;
    private long _readAt;
    private DateTime _writtenAt;

    public X509Certificate2? ClientCertificate => null;

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_token is null || time.GetElapsedTime(_readAt) >= ReadEvery || File.GetLastWriteTimeUtc(path) != _writtenAt) Read();
            return new(new AuthenticationHeaderValue("Bearer", _token!.Reveal()));
        }
    }

    public ValueTask<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancel)
    {
        lock (_gate)
        {
            Read();
            return new(_token!.Reveal() != refused?.Parameter);
        }
    }

    private void Read()
    {
        try
        {
            _writtenAt = File.GetLastWriteTimeUtc(path);
            _token = new Secret(File.ReadAllText(path).Trim());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException(KubeTexts.TokenFileUnreadable(path, unreadable.Message), unreadable);
        }
        if (_token.Reveal().Length == 0) throw new KubeconfigException(KubeTexts.TokenFileEmpty(path));
        _readAt = time.GetTimestamp();
    }
}
