using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Core.Agents;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Agents;

/// <summary>Lets agents in by their token, at the hub's address alone; whoever is let in is named after his node.</summary>
public sealed class AgentAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AgentTokens tokens, AgentRefusals refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "agent";

    private const string Bearer = "Bearer ";
    private const int LongestToken = 8192;

    private bool _isUnknown;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Path.StartsWithSegments(AgentContract.Path)) return AuthenticateResult.NoResult();
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.Ordinal) || header.Length > LongestToken) return Refuse("there is no token");
        var verdict = await tokens.JudgeAsync(new Secret(header[Bearer.Length..].Trim()), Context.RequestAborted);
        _isUnknown = verdict.IsUnknown;
        if (verdict.Node is not { } node) return Refuse(verdict.Reason);
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, node)], SchemeName));
        return AuthenticateResult.Success(new(principal, new AuthenticationProperties { ExpiresUtc = verdict.ValidUntil }, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = _isUnknown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
        // With a body, the page for people is not shown in its place.
        Response.ContentType = "text/plain";
        return Response.WriteAsync(_isUnknown ? "the token cannot be checked at the moment" : "the token is not accepted", Context.RequestAborted);
    }

    private AuthenticateResult Refuse(string reason)
    {
        refusals.Note(Context.Connection.RemoteIpAddress?.ToString() ?? "", null, reason);
        return AuthenticateResult.Fail(reason);
    }
}
