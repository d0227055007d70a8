using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Portal.Database;

// SQLite lets one transaction write at a time, and what folds readings while others come in relies on it: what a transaction has read is still so when
// it writes. PostgreSQL would let them run side by side; a lock that lasts as long as the transaction makes them wait in line as well.

/// <summary>Lets the transactions of a portal's database run one after the other on PostgreSQL too, and those of a portal that is not the writer any more
/// not at all.</summary>
internal sealed class OneWriter(WriterLock writer, DatabaseAddress address) : DbTransactionInterceptor
{
    /// <summary>"topolvmt" in ASCII; advisory locks are of one database, so that nothing else in it may use this number.</summary>
    public const long Key = 0x746F706F6C766D74;

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        using var command = Command(connection, result);
        using var reader = command.ExecuteReader();
        Check(reader.NextResult() && reader.Read());
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection, result);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Check(await reader.NextResultAsync(cancellationToken) && await reader.ReadAsync(cancellationToken));
        return result;
    }

    // The second statement sees what was committed until the first had the lock.
    private NpgsqlCommand Command(DbConnection connection, DbTransaction transaction)
    {
        var isWriter = writer.IsClaimed ? $"""SELECT 1 FROM settings WHERE "Name" = '{WriterLock.SettingName}' AND "Value" = '{writer.Token}'""" : "SELECT 1";
        return new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Key}); {isWriter}", (NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
    }

    private void Check(bool isWriter)
    {
        if (!isWriter) throw new DatabaseUnusableException(Core.Texts.DatabaseTexts.TakenOver(address.Shown), mayPass: false);
    }
}
