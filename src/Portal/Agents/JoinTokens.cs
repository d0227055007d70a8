using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Kubernetes.Credentials;
using Portal.Database;

namespace Portal.Agents;

/// <summary>A join token as the portal remembers it: without the token.</summary>
public sealed record JoinToken(long Id, string Node, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>The tokens that were given out, newest first.</summary>
public sealed record JoinTokenList(ImmutableArray<JoinToken> Tokens);

/// <summary>Tokens that the portal gives out for agents that no service account speaks for: one node each, for a time, and only while nobody has
/// revoked it. The database holds their hashes.</summary>
public sealed class JoinTokens(IDbContextFactory<PortalDb> databases, AgentRegistry agents, TimeProvider time)
{
    private const string Prefix = "tpj_";
    private const int SecretBytes = 32;

    /// <summary>As of the last time they were listed, given out or revoked.</summary>
    public Live<JoinTokenList> Live { get; } = new(new([]));

    public static bool IsJoinToken(Secret token) => token.Reveal().StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Makes a token; it is shown once, and nobody can read it again.</summary>
    public async Task<Secret> CreateAsync(string node, TimeSpan lifetime, string createdBy, CancellationToken cancel)
    {
        var token = new Secret(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
        await using var database = await databases.CreateDbContextAsync(cancel);
        database.JoinTokens.Add(new JoinTokenRow
        {
            Hash = HashOf(token),
            Node = node,
            CreatedBy = createdBy,
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = time.GetUtcNow() + lifetime,
        });
        await database.SaveChangesAsync(cancel);
        await ListAsync(cancel);
        return token;
    }

    /// <summary>Newest first.</summary>
    public async Task<ImmutableArray<JoinToken>> ListAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.JoinTokens.AsNoTracking().OrderByDescending(row => row.Id).ToListAsync(cancel);
        Live.Publish(new([.. rows.Select(row => new JoinToken(row.Id, row.Node, row.CreatedBy, row.CreatedAt, row.ExpiresAt, row.RevokedAt))]));
        return Live.Current.Tokens;
    }

    /// <summary>Lets a token open nothing any more, and ends the connection that its node has.</summary>
    public async Task RevokeAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (await database.JoinTokens.FindAsync([id], cancel) is not { RevokedAt: null } row) return;
        row.RevokedAt = time.GetUtcNow();
        await database.SaveChangesAsync(cancel);
        agents.Drop(row.Node);
        await ListAsync(cancel);
    }

    internal async Task<AgentVerdict> JudgeAsync(Secret token, CancellationToken cancel)
    {
        try
        {
            return await FindAsync(token, cancel);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            return AgentVerdict.Refused("the database of the join tokens does not answer") with { IsUnknown = true };
        }
    }

    private async Task<AgentVerdict> FindAsync(Secret token, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var hash = HashOf(token);
        var row = await database.JoinTokens.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == hash, cancel);
        if (row is null) return AgentVerdict.Refused("no such join token was given out");
        if (row.RevokedAt is not null) return AgentVerdict.Refused($"join token {row.Id} of node {row.Node} was revoked");
        return row.ExpiresAt > time.GetUtcNow()
            ? new(row.Node, row.ExpiresAt, "")
            : AgentVerdict.Refused($"join token {row.Id} of node {row.Node} has expired");
    }

    // A random secret of this length needs no salt: nobody can try them all.
    private static string HashOf(Secret token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token.Reveal())));
}
