using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portal.Core.TopoLvm.Install;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class WebhookCertificateTests
{
    private static readonly TimeProvider Now = TimeProvider.System;
    private readonly WebhookCertificate _made = WebhookCertificate.Create("topolvm-system", Now);

    [Theory]
    [InlineData("topolvm-controller.topolvm-system.svc", true)]
    [InlineData("controller.topolvm-system.svc", true)]
    [InlineData("topolvm-controller.other.svc", false)]
    public void It_is_valid_for_the_controllers_service_under_its_own_authority(string host, bool expected)
    {
        using var certificate = X509Certificate2.CreateFromPem(_made.CertificatePem);
        using var authority = X509Certificate2.CreateFromPem(_made.CaPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        Assert.True(chain.Build(certificate), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.Equal(expected, certificate.MatchesHostname(host));
        Assert.False(authority.HasPrivateKey);
    }

    [Fact]
    public void A_pair_that_stands_is_taken_again()
    {
        var secret = _made.ToSecret(new("topolvm-system", "topolvm-mutatingwebhook"));

        Assert.Equal(_made.Fingerprint, WebhookCertificate.FromSecret(secret, null, "topolvm-system", Now)?.Fingerprint);
    }

    [Fact]
    public void A_pair_without_its_authority_is_taken_when_the_webhook_configuration_trusts_it()
    {
        var secret = _made.ToSecret(new("topolvm-system", "topolvm-mutatingwebhook"));
        ((JsonObject)secret.Json["data"]!).Remove("ca.crt");

        Assert.Null(WebhookCertificate.FromSecret(secret, null, "topolvm-system", Now));
        Assert.NotNull(WebhookCertificate.FromSecret(secret, _made.CaBundle, "topolvm-system", Now));
        Assert.Null(WebhookCertificate.FromSecret(secret, WebhookCertificate.Create("topolvm-system", Now).CaBundle, "topolvm-system", Now));
    }

    [Fact]
    public void A_pair_is_not_taken_when_it_names_another_service_or_ends_soon_or_is_garbled()
    {
        var secret = _made.ToSecret(new("topolvm-system", "topolvm-mutatingwebhook"));
        var later = new ManualTime(Now.GetUtcNow().AddYears(10).AddDays(-20));

        Assert.Null(WebhookCertificate.FromSecret(secret, null, "elsewhere", Now));
        Assert.Null(WebhookCertificate.FromSecret(secret, null, "topolvm-system", later));
        secret.Json["data"]!["tls.key"] = secret.Json["data"]!["tls.crt"]!.DeepClone();
        Assert.Null(WebhookCertificate.FromSecret(secret, null, "topolvm-system", Now));
        Assert.Null(WebhookCertificate.FromSecret(null, null, "topolvm-system", Now));
    }

    [Fact]
    public void Its_text_does_not_hold_the_key() => Assert.DoesNotContain("PRIVATE", _made.ToString(), StringComparison.Ordinal);
}
