using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.Texts;

namespace Portal.Core.Kubernetes;

/// <summary>Turns what went wrong with the cluster into one sentence for a person, with the way out.</summary>
public static partial class KubeProblem
{
    // What the API server says of a Pod, a node or a Service that it has passed a request on to: 500 on older releases, 503 on newer ones.
    private const string OutOfReach = "error trying to reach service: ";

    /// <summary>Whether the cluster, or the way to it, is the trouble; everything else is a mistake of this program.</summary>
    public static bool IsOfCluster(Exception problem) => problem is KubeException or KubeconfigException or HttpRequestException or IOException;

    public static Message Explain(Exception problem) => problem switch
    {
        KubeconfigException config => config.Problem,
        ApplyConflictException conflict => Conflict(conflict),
        KubeException refused => Explain(refused),
        KubeUnreachableException unreachable => Explain(unreachable),
        HttpRequestException { InnerException: KubeconfigException config } => config.Problem,
        TimeoutException => KubeTexts.WatchSilent,
        IOException cut => KubeTexts.Unexpected(Sentence(cut.Message)),
        _ => KubeTexts.Unexpected(Sentence(problem.Message)),
    };

    private static Message Explain(KubeException refused)
    {
        var status = refused.Status;
        var (kind, name) = (status.Details?.Kind ?? "", status.Details?.Name ?? "");
        var what = name.Length > 0 ? $"{kind} {name}" : refused.Request;
        return status.Code switch
        {
            401 => KubeTexts.Unauthorized(refused.Request),
            403 => Forbidden(refused),
            404 when name.Length > 0 => KubeTexts.ObjectGone(kind, name),
            404 => KubeTexts.KindNotServed(refused.Request),
            409 when refused.IsAlreadyExists => KubeTexts.AlreadyExists(kind, name),
            409 => KubeTexts.ChangedMeanwhile(what),
            410 => KubeTexts.VersionExpired,
            422 => KubeTexts.Invalid(what, Reasons(status)),
            429 => KubeTexts.Busy(((int)(refused.RetryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            >= 500 when status.Message.StartsWith(OutOfReach, StringComparison.Ordinal) => KubeTexts.BehindUnreachable(refused.Request, Sentence(status.Message[OutOfReach.Length..])),
            >= 500 => KubeTexts.ServerFailed(status.Code, refused.Request, Sentence(status.Message)),
            _ => KubeTexts.Refused(refused.Request, status.Code, Sentence(status.Message)),
        };
    }

    private static Message Conflict(ApplyConflictException conflict)
    {
        var causes = conflict.Status.Details?.Causes ?? [];
        return causes.IsEmpty ? KubeTexts.ChangedMeanwhile(conflict.Request)
            : KubeTexts.ApplyConflict(string.Join(", ", conflict.Managers), string.Join(", ", causes.Select(cause => cause.Field)));
    }

    private static Message Forbidden(KubeException refused)
    {
        var found = ForbiddenText().Match(refused.Status.Message);
        if (!found.Success) return KubeTexts.ForbiddenOther(refused.Request, Sentence(refused.Status.Message));
        var (resource, group) = (found.Groups["resource"].Value, found.Groups["group"].Value);
        var place = found.Groups["namespace"] is { Success: true } ns ? KubeTexts.ForbiddenInNamespace(ns.Value) : KubeTexts.ForbiddenInCluster;
        return KubeTexts.Forbidden(found.Groups["user"].Value, found.Groups["verb"].Value, group.Length == 0 ? resource : resource + "." + group, place);
    }

    private static string Reasons(Status status) => status.Details?.Causes is { IsEmpty: false } causes
        ? string.Join("; ", causes.Select(cause => cause.Field.Length > 0 ? $"{cause.Field}: {cause.Message}" : cause.Message))
        : status.Message;

    private static Message Explain(KubeUnreachableException unreachable)
    {
        var server = unreachable.Server.GetLeftPart(UriPartial.Authority);
        var causes = CausesOf(unreachable).ToList();
        if (causes.OfType<ServerCertificateException>().FirstOrDefault() is { } certificate) return Explain(server, certificate);
        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket) return Explain(server, unreachable.Server.Host, socket);
        var root = Sentence(causes[^1].Message);
        return unreachable.HttpRequestError switch
        {
            _ when causes.Exists(cause => cause is TimeoutException) => KubeTexts.NoAnswerInTime(server),
            HttpRequestError.ProxyTunnelError => KubeTexts.ProxyRefused(server, root),
            HttpRequestError.InvalidResponse => KubeTexts.NotAnApiServer(server),
            HttpRequestError.NameResolutionError => KubeTexts.NameUnresolved(unreachable.Server.Host),
            HttpRequestError.ResponseEnded => KubeTexts.ConnectionCut(server),
            HttpRequestError.SecureConnectionError => KubeTexts.TlsFailed(server, root),
            _ when causes.Exists(cause => cause is AuthenticationException) => KubeTexts.TlsFailed(server, root),
            _ => KubeTexts.Unreachable(server, root),
        };
    }

    private static Message Explain(string server, string host, SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => KubeTexts.ConnectionRefused(server),
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => KubeTexts.NameUnresolved(host),
        SocketError.TimedOut => KubeTexts.NoAnswerInTime(server),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => KubeTexts.ConnectionCut(server),
        _ => KubeTexts.Unreachable(server, Sentence(socket.Message)),
    };

    private static Message Explain(string server, ServerCertificateException certificate) => certificate.Fault switch
    {
        ServerCertificateFault.Expired => KubeTexts.CertificateExpired(server, certificate.NotAfter?.ToString("u")),
        ServerCertificateFault.NotYetValid => KubeTexts.CertificateNotYetValid(server, certificate.NotBefore?.ToString("u")),
        ServerCertificateFault.WrongName => KubeTexts.CertificateWrongName(server, certificate.Names.Length > 0 ? certificate.Names : certificate.Subject, certificate.Asked),
        ServerCertificateFault.Untrusted => KubeTexts.CertificateUntrusted(server, certificate.Issuer),
        _ => KubeTexts.TlsFailed(server, Sentence(certificate.Message)),
    };

    private static IEnumerable<Exception> CausesOf(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static string Sentence(string text) => ForeignText.Sentence(text);

    [GeneratedRegex("""User "(?<user>[^"]+)" cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"( in the namespace "(?<namespace>[^"]+)")?""")]
    private static partial Regex ForbiddenText();
}
