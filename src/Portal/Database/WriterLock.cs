using System.Net;
using Npgsql;
using Portal.Core.Texts;

namespace Portal.Database;

// Two portals on one database would each run the operations, the policies and the alerts, and each believe what it remembers of what it wrote. A lock of
// the session tells the second that there is a first, and ends with it, however it ends. A session can also end without its portal: then another portal
// may take the lock while the first has a transaction on its way. Therefore who took the lock last also stands in a row, and each transaction of a portal
// looks whether that is still itself (OneWriter).

/// <summary>Makes one portal the only one that works with a PostgreSQL database.</summary>
internal sealed class WriterLock(DatabaseAddress address) : IDisposable
{
    /// <summary>"topolvmw" in ASCII; advisory locks are of one database, so that nothing else in it may use this number.</summary>
    private const long Key = 0x746F706F6C766D77;

    private const int AnswerSeconds = 5;

    /// <summary>The setting that names the writer.</summary>
    public const string SettingName = "writer";

    private NpgsqlConnection? _session;

    /// <summary>What no other portal has.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The database says that this portal is the one.</summary>
    public bool IsClaimed { get; private set; }

    /// <summary>Takes the lock of the session.</summary>
    /// <exception cref="DatabaseUnusableException">Another portal has it.</exception>
    public async Task TakeAsync(CancellationToken cancel)
    {
        Dispose();
        var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address.Reveal()) { Pooling = false, Timeout = AnswerSeconds, CommandTimeout = AnswerSeconds }.ConnectionString);
        try
        {
            await session.OpenAsync(cancel);
            // The server is to notice within half a minute when this machine is gone: only then another portal gets the lock.
            await ExecuteAsync(session, "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3", cancel);
            var encoding = (string)(await ScalarAsync(session, "SHOW server_encoding", cancel))!;
            if (encoding != "UTF8") throw new DatabaseUnusableException(DatabaseTexts.NotUtf8(address.Shown, encoding, address.Name, address.User), mayPass: false);
            if (await ScalarAsync(session, $"SELECT pg_try_advisory_lock({Key})", cancel) is not true) throw new DatabaseUnusableException(await OccupiedAsync(session, cancel), mayPass: true);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
        _session = session;
    }

    /// <summary>Writes down that this portal is the writer now; whoever was before writes nothing more.</summary>
    public async Task ClaimAsync(CancellationToken cancel)
    {
        await using var transaction = await _session!.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand($"""
            SELECT pg_advisory_xact_lock({OneWriter.Key});
            INSERT INTO settings ("Name", "Value", "SavedBy", "SavedAt") VALUES ('{SettingName}', @token, @by, @at)
            ON CONFLICT ("Name") DO UPDATE SET "Value" = excluded."Value", "SavedBy" = excluded."SavedBy", "SavedAt" = excluded."SavedAt"
            """, _session, transaction);
        command.Parameters.AddWithValue("token", Token);
        command.Parameters.AddWithValue("by", Dns.GetHostName());
        command.Parameters.AddWithValue("at", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        IsClaimed = true;
    }

    /// <summary>Makes sure that the lock is held, and that nobody has had it in between; takes it again after the connection was lost.</summary>
    /// <exception cref="DatabaseUnusableException">Another portal has taken over.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        DatabaseUnusableException? occupied = null;
        if (_session is not { State: System.Data.ConnectionState.Open })
        {
            try
            {
                await TakeAsync(cancel);
            }
            catch (DatabaseUnusableException taken) when (taken.MayPass)
            {
                // Another portal, or this one's own session, whose end the server has not noticed yet.
                occupied = taken;
            }
        }
        var writer = occupied is null ? await WriterAsync(_session!, cancel) : await WriterAsync(cancel);
        if (writer != Token) throw new DatabaseUnusableException(DatabaseTexts.TakenOver(address.Shown), mayPass: false);
        if (occupied is not null) throw occupied;
    }

    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    private async Task<string?> WriterAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(address.Reveal());
        await connection.OpenAsync(cancel);
        return await WriterAsync(connection, cancel);
    }

    private static async Task<string?> WriterAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        (string?)await ScalarAsync(connection, $"""SELECT "Value" FROM settings WHERE "Name" = '{SettingName}'""", cancel);

    private async Task<Message> OccupiedAsync(NpgsqlConnection session, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT coalesce(nullif(a.application_name, ''), 'pid ' || l.pid), to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
            FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid = {Key >> 32} AND l.objid = {Key & 0xFFFFFFFF} AND l.objsubid = 1
            """, session);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        // It may have ended meanwhile.
        return await reader.ReadAsync(cancel)
            ? DatabaseTexts.Occupied(reader.GetString(0), address.Shown, reader.IsDBNull(1) ? "?" : reader.GetString(1))
            : DatabaseTexts.Occupied("?", address.Shown, "?");
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
