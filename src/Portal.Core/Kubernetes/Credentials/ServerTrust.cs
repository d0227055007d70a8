using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>Why a server's certificate was not accepted.</summary>
internal enum ServerCertificateFault
{
    Untrusted,
    Expired,
    NotYetValid,
    WrongName,
    Missing,
}

/// <summary>The server's certificate was not accepted; says what a person needs to tell an old certificate from a wrong address.</summary>
internal sealed class ServerCertificateException(ServerCertificateFault fault, string asked, X509Certificate2? certificate)
    : AuthenticationException($"The server's certificate was not accepted ({fault}): asked for {asked}, got {certificate?.Subject}")
{
    public ServerCertificateFault Fault { get; } = fault;
    public string Asked { get; } = asked;
    public string Subject { get; } = certificate?.Subject ?? "";
    public string Issuer { get; } = certificate?.Issuer ?? "";
    public DateTime? NotBefore { get; } = certificate?.NotBefore.ToUniversalTime();
    public DateTime? NotAfter { get; } = certificate?.NotAfter.ToUniversalTime();

    /// <summary>The names and addresses that the certificate is for.</summary>
    public string Names { get; } = certificate is null ? "" : string.Join(", ", NamesOf(certificate));

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())));
}

/// <summary>Which servers are believed: those of an own CA, those the machine trusts (no CA), or any (insecure).</summary>
internal sealed record ServerTrust(X509Certificate2Collection? Authorities, bool Insecure, string? ServerName)
{
    public static readonly ServerTrust OfTheMachine = new(null, false, null);

    public SslClientAuthenticationOptions ToSslOptions(ICredential credential, string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Insecure || Accept(certificate, chain, errors, ServerName ?? host),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => credential.ClientCertificate!,
        };
        if (Authorities is null) return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var authority in Authorities) options.CertificateChainPolicy.CustomTrustStore.Add(authority);
        return options;
    }

    private static bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string asked)
    {
        if (errors == SslPolicyErrors.None) return true;
        var found = certificate as X509Certificate2;
        var statuses = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
        var fault = errors switch
        {
            _ when found is null => ServerCertificateFault.Missing,
            _ when statuses.HasFlag(X509ChainStatusFlags.NotTimeValid) && !IsUntrusted(statuses) =>
                found.NotBefore > chain!.ChainPolicy.VerificationTime ? ServerCertificateFault.NotYetValid : ServerCertificateFault.Expired,
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) => ServerCertificateFault.Untrusted,
            _ => ServerCertificateFault.WrongName,
        };
        throw new ServerCertificateException(fault, asked, found);
    }

    private static bool IsUntrusted(X509ChainStatusFlags statuses) =>
        (statuses & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0;
}
