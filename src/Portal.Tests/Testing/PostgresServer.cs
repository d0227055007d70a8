using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Tests.Testing;

/// <summary>A PostgreSQL server with its data in a folder of its own, on a socket in that folder and on a port of the loopback address; it goes with
/// this process.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // postgres refuses to run as root; Debian's package brings a user for it. The server ends when this process closes its end of the pipe or is killed.
    private const string Leash = """
        folder=$1 port=$2 programs=$3 setup=$4; shift 4
        as=(); [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
        cd /
        if [ "$setup" = new ]; then
          echo admin > "$folder/password"
          [ "$(id -u)" -ne 0 ] || chown -R postgres: "$folder"
          "${as[@]}" "$programs/initdb" -D "$folder/data" -A scram-sha-256 -U admin --pwfile="$folder/password" -E UTF8 --no-locale -N >&2 || exit 1
        fi
        "${as[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" \
          -c fsync=off -c max_connections=300 -c shared_buffers=64MB "$@" </dev/null >&2 & server=$!
        until "$programs/pg_isready" -q -h "$folder" -p "$port"; do kill -0 $server 2>/dev/null || exit 1; sleep 0.05; done
        echo ready
        read -r stop
        kill -QUIT $server
        wait $server
        [ -n "$stop" ] || rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgresServer>> TheShared = new(() => StartAsync());

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _leash;
    private Task<string>? _said;
    private int _databases;

    private PostgresServer()
    {
    }

    /// <summary>The one that all tests use that do not stop theirs.</summary>
    public static Task<PostgresServer> SharedAsync() => TheShared.Value;

    /// <summary>A server of its own, for a test that stops it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        await server.RunAsync("new");
        return server;
    }

    /// <summary>How its administrator connects to one of its databases.</summary>
    public NpgsqlConnectionStringBuilder Connection(string database, string user = "admin", string? password = "admin") =>
        new() { Host = "127.0.0.1", Port = _port, Database = database, Username = user, Password = password };

    /// <summary>A new database, with an owner of the same name who may do nothing else.</summary>
    /// <param name="options">After the name: ENCODING, for example.</param>
    /// <returns>How its owner connects.</returns>
    public async Task<NpgsqlConnectionStringBuilder> NewDatabaseAsync(string options = "")
    {
        var name = $"portal{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE ROLE {name} LOGIN PASSWORD 'secret-{name}'");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {name} {options}");
        return Connection(name, name, "secret-" + name);
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(database).ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As in a crash: every connection is cut, and nothing is tidied up.</summary>
    public async Task StopAsync()
    {
        await _leash!.StandardInput.WriteLineAsync("stop");
        await EndAsync();
    }

    /// <summary>Starts it again on the same data and port.</summary>
    public Task StartAgainAsync() => RunAsync("again");

    public async ValueTask DisposeAsync()
    {
        if (_leash is null) return;
        _leash.StandardInput.Close();
        await EndAsync();
    }

    private async Task RunAsync(string setup)
    {
        var start = new ProcessStartInfo("bash", ["-c", Leash, "leash", _folder, $"{_port}", Programs(), setup]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        _leash = Process.Start(start)!;
        _said = _leash.StandardError.ReadToEndAsync();
        if (await _leash.StandardOutput.ReadLineAsync() != "ready") throw new InvalidOperationException("PostgreSQL did not start (./test.sh installs it):\n" + await _said);
    }

    private async Task EndAsync()
    {
        await _leash!.WaitForExitAsync();
        _leash.Dispose();
        _leash = null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Debian keeps them out of the PATH, a folder for each version.
    private static string Programs()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).Where(folder => File.Exists(Path.Combine(folder, "bin/postgres"))).ToArray() : [];
        return versions.Length > 0
            ? Path.Combine(versions.MaxBy(folder => Version.TryParse(Path.GetFileName(folder) + ".0", out var version) ? version : new Version())!, "bin")
            : throw new InvalidOperationException("There is no PostgreSQL in /usr/lib/postgresql; ./test.sh installs it.");
    }
}
