using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Texts;

namespace Portal.Database;

/// <summary>What is wrong with a database, and the way out.</summary>
public static class DatabaseProblem
{
    /// <summary>Whether a failure is the database's. Libraries wrap it: in what could not be saved, or in the disposal of a transaction whose connection broke.</summary>
    public static bool IsOf(Exception failed) =>
        failed is DbUpdateException or DbException or DatabaseUnusableException || failed.InnerException is { } inner && IsOf(inner);

    /// <summary>The exception that pages and logs can show; null when what failed is the statement and not the database.</summary>
    public static DatabaseUnusableException? Explain(Exception failed, DatabaseAddress address)
    {
        return failed switch
        {
            DatabaseUnusableException known => known,
            PostgresException refused => Explain(refused, address),
            NpgsqlException { InnerException: AuthenticationException tls } => Final(DatabaseTexts.NoTls(address.Shown, tls.Message.TrimEnd('.'))),
            NpgsqlException { InnerException: null, IsTransient: false } spoken when spoken.Message.Contains("SSL", StringComparison.Ordinal) => Final(DatabaseTexts.NoTls(address.Shown, spoken.Message.TrimEnd('.'))),
            // No password was given, and the server wants one.
            NpgsqlException { InnerException: null, IsTransient: false } spoken => Final(DatabaseTexts.NotLetIn(address.Shown, address.User, spoken.Message.TrimEnd('.'))),
            NpgsqlException or SocketException or TimeoutException => Passing(DatabaseTexts.Unreachable(address.Shown, (failed.InnerException ?? failed).Message.TrimEnd('.'))),
            SqliteException file => Explain(file, address),
            { InnerException: { } inner } => Explain(inner, address),
            _ => null,
        };

        DatabaseUnusableException Final(Message problem) => new(problem, mayPass: false, failed);
        DatabaseUnusableException Passing(Message problem) => new(problem, mayPass: true, failed);
    }

    private static DatabaseUnusableException? Explain(PostgresException refused, DatabaseAddress address)
    {
        var (detail, user, name, where) = (refused.MessageText.TrimEnd('.'), address.User, address.Name, address.Shown);
        return refused.SqlState switch
        {
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => new(DatabaseTexts.Starting(where, detail), mayPass: true, refused),
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ConfigurationLimitExceeded => new(DatabaseTexts.Crowded(where, detail), mayPass: true, refused),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(DatabaseTexts.NotLetIn(where, user, detail), mayPass: false, refused),
            PostgresErrorCodes.InvalidCatalogName => new(DatabaseTexts.NoDatabase(where, name, user), mayPass: false, refused),
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName => new(DatabaseTexts.NoRights(user, where, detail, name), mayPass: false, refused),
            PostgresErrorCodes.ReadOnlySqlTransaction => new(DatabaseTexts.ReadOnly(where, detail), mayPass: true, refused),
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory => new(DatabaseTexts.NoRoom(where, detail), mayPass: true, refused),
            _ => null,
        };
    }

    // The codes of https://www.sqlite.org/rescode.html.
    private static DatabaseUnusableException? Explain(SqliteException failed, DatabaseAddress address)
    {
        const int Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
        var (where, detail) = (failed.Message.TrimEnd('.'), address.Shown);
        return failed.SqliteErrorCode switch
        {
            Busy => new(DatabaseTexts.FileBusy(where, detail), mayPass: true, failed),
            ReadOnly or InputOutput => new(DatabaseTexts.FileUnwritable(where, detail), mayPass: false, failed),
            Corrupt or NotADatabase => new(DatabaseTexts.FileDamaged(where, detail), mayPass: false, failed),
            Full => new(DatabaseTexts.NoRoom(where, detail), mayPass: false, failed),
            CannotOpen => new(DatabaseTexts.FileUnopened(where, detail), mayPass: false, failed),
            _ => null,
        };
    }
}
