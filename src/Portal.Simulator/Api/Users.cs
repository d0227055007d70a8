using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Portal.Simulator.Api;

/// <summary>Who sends a request.</summary>
public sealed record ApiUser(string Name, ImmutableArray<string> Groups)
{
    public static readonly ApiUser Admin = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    public bool IsMaster => Groups.Contains("system:masters");
}

/// <summary>The people and tokens the server knows. A request without a token is the administrator's.</summary>
public sealed class ApiUsers
{
    private readonly ConcurrentDictionary<string, ApiUser> _byToken = new();

    /// <summary>Lets a bearer token stand for a user, who is in system:authenticated besides the named groups.</summary>
    public void Add(string token, string name, params string[] groups) => _byToken[token] = new(name, [.. groups, "system:authenticated"]);

    /// <summary>Withdraws a token: its next request is answered 401.</summary>
    public void Remove(string token) => _byToken.TryRemove(token, out _);

    /// <summary>The owner of a token, or null.</summary>
    public ApiUser? Find(string token) => _byToken.GetValueOrDefault(token);

    internal (ApiUser User, ApiUser? Impersonator) Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        var user = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? Find(authorization[7..].Trim()) ?? throw Refusal.Unauthorized() : ApiUser.Admin;
        var acted = request.Headers["Impersonate-User"].ToString();
        if (acted.Length == 0) return (user, null);
        return (new(acted, [.. request.Headers["Impersonate-Group"].Select(group => group ?? ""), "system:authenticated"]), user);
    }
}
