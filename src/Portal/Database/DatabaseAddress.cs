using System.Net;
using Npgsql;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Database;

/// <summary>Where the portal keeps what it remembers: a file of SQLite, or a database of PostgreSQL.</summary>
public sealed class DatabaseAddress
{
    // Enough for what runs side by side, and a small part of what a server allows all its clients (100 by default).
    private const int MostConnections = 20;

    // Of the few hundred statements that the portal has, those that come again and again.
    private const int PreparedStatements = 50;

    private readonly Secret _connection;

    private DatabaseAddress(Secret connection, string shown, NpgsqlConnectionStringBuilder? postgres)
    {
        (_connection, Shown) = (connection, shown);
        (IsPostgres, Name, User) = (postgres is not null, postgres?.Database ?? "", postgres?.Username ?? "");
    }

    public bool IsPostgres { get; }

    /// <summary>The name of the database on its server; empty for SQLite.</summary>
    public string Name { get; }

    /// <summary>As whom the portal signs in; empty for SQLite.</summary>
    public string User { get; }

    /// <summary>For people: without user and password.</summary>
    public string Shown { get; }

    /// <summary>What the provider connects with. It may hold a password: no log, page or message ever gets it.</summary>
    public string Reveal() => _connection.Reveal();

    public override string ToString() => Shown;

    /// <summary>The file <c>portal.db</c> in a folder.</summary>
    public static DatabaseAddress InFolder(string folder)
    {
        var file = Path.Combine(folder, "portal.db");
        return new(new("Data Source=" + file), file, null);
    }

    /// <param name="text">A connection string of Npgsql, or an address as libpq and the operators of PostgreSQL write it: <c>postgresql://USER:PASSWORD@HOST:PORT/DATABASE</c>.</param>
    /// <exception cref="ArgumentException">It is neither; the message does not repeat it.</exception>
    public static DatabaseAddress Postgres(string text)
    {
        var postgres = IsUri(text) ? OfUri(text) : Read(text);
        if (string.IsNullOrWhiteSpace(postgres.Host)) throw new ArgumentException("Host is missing");
        if (string.IsNullOrWhiteSpace(postgres.Database)) throw new ArgumentException("Database is missing");
        // What a mistake of the server says may hold rows, and the string is asked for no more once it is connected.
        (postgres.IncludeErrorDetail, postgres.PersistSecurityInfo, postgres.Enlist) = (false, false, false);
        if (postgres.ApplicationName is null) postgres.ApplicationName = "topolvm-portal@" + Dns.GetHostName();
        if (!postgres.ShouldSerialize("Maximum Pool Size")) postgres.MaxPoolSize = MostConnections;
        if (!postgres.ShouldSerialize("Max Auto Prepare")) postgres.MaxAutoPrepare = PreparedStatements;
        var shown = postgres.Host.StartsWith('/') || postgres.Host.Contains(',', StringComparison.Ordinal) ? postgres.Host : $"{postgres.Host}:{postgres.Port}";
        return new(new(postgres.ConnectionString), $"{shown}/{postgres.Database}", postgres);
    }

    /// <summary>Whether a text holds a password, which a command line must not: every user of a machine reads those of all processes.</summary>
    public static bool HoldsPassword(string text) => IsUri(text)
        ? OfUri(text).Password is { Length: > 0 }
        : Read(text).Password is { Length: > 0 };

    private static bool IsUri(string text) => text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // Its own message may quote what stands there, password and all.
            throw new ArgumentException("it is no connection string");
        }
    }

    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) throw new ArgumentException("it is no address");
        var postgres = new NpgsqlConnectionStringBuilder { Host = uri.Host.Trim('[', ']'), Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) };
        if (uri.Port > 0) postgres.Port = uri.Port;
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) postgres.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) postgres.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is not [var name, var value]) throw new ArgumentException($"the parameter {pair} has no value");
            Set(postgres, name, Uri.UnescapeDataString(value));
        }
        return postgres;
    }

    // libpq's names; those that Npgsql has under the same name are taken as they are.
    private static void Set(NpgsqlConnectionStringBuilder postgres, string name, string value)
    {
        var keyword = name switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "sslcert" => "SSL Certificate",
            "sslkey" => "SSL Key",
            "connect_timeout" => "Timeout",
            "application_name" => "Application Name",
            "target_session_attrs" => "Target Session Attributes",
            _ => name,
        };
        try
        {
            postgres[keyword] = keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception unknown) when (unknown is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            throw new ArgumentException($"the parameter {name} is not known, or has a value that it does not take");
        }
    }
}
