using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Core;
using Portal.Core.Texts;

namespace Portal.Database;

/// <summary>The portal's database: opens it, and knows whether it can be worked with.</summary>
public sealed class PortalDatabase : IDisposable
{
    private readonly WriterLock? _writer;
    private readonly IInterceptor[] _interceptors;

    public PortalDatabase(DatabaseAddress address)
    {
        Address = address;
        _writer = address.IsPostgres ? new WriterLock(address) : null;
        _interceptors = [new WriteWatch(this), _writer is null ? DurableSqlite.Instance : new OneWriter(_writer, address)];
    }

    public DatabaseAddress Address { get; }

    public Live<DatabaseState> Live { get; } = new(DatabaseState.Fine);

    public bool IsOpen { get; private set; }

    /// <summary>Another portal works with it now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Makes this portal the one that works with it, and brings its schema up to date.</summary>
    /// <exception cref="DatabaseUnusableException">It cannot be worked with; the sentence says why.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        if (IsOpen) return;
        try
        {
            if (_writer is not null) await _writer.TakeAsync(cancel);
            await using (var database = NewContext())
            {
                await RefuseNewerAsync(database, cancel);
                await DatabaseServices.MigrateAsync(database, cancel);
            }
            if (_writer is not null) await _writer.ClaimAsync(cancel);
            IsOpen = true;
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed) || DatabaseProblem.Explain(failed, Address) is not null)
        {
            _writer?.Dispose();
            throw DatabaseProblem.Explain(failed, Address) ?? new(DatabaseTexts.Other(Address.Shown, failed.Message.TrimEnd('.')), mayPass: false, failed);
        }
    }

    /// <summary>Asks the server whether this portal is still the one that works with it, and shows the answer.</summary>
    /// <exception cref="DatabaseUnusableException">It is not, and never will be again.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        if (_writer is null) return;
        try
        {
            await _writer.CheckAsync(cancel);
            Show(state => state with { Link = null });
        }
        catch (Exception failed) when (DatabaseProblem.Explain(failed, Address) is not null)
        {
            _writer.Dispose();
            var problem = DatabaseProblem.Explain(failed, Address)!;
            Show(state => state with { Link = problem.Problem });
            IsLost = problem.Problem == DatabaseTexts.TakenOver(Address.Shown);
            if (IsLost) throw problem;
        }
    }

    /// <summary>Chooses the provider and what watches over it.</summary>
    internal DbContextOptionsBuilder Configure(DbContextOptionsBuilder options) => (Address.IsPostgres
        ? options.UseNpgsql(Address.Reveal(), npgsql => npgsql
            // The provider's own wraps what may pass in another exception, and says to try again; whoever asks here tries again by himself.
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)))
        : options.UseSqlite(Address.Reveal()))
        .AddInterceptors(_interceptors)
        // Migrations are written by hand, without a model snapshot to compare with; a test compares the schemas instead.
        .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

    internal void Failed(Exception failed)
    {
        if (!IsOpen || DatabaseProblem.Explain(failed, Address) is not { } problem) return;
        // Whether a server can be reached is asked every few seconds; a change, which would tell that it can again, may not come for long.
        if (_writer is not null && problem.Problem.Key is not (nameof(DatabaseTexts.NoRoom) or nameof(DatabaseTexts.ReadOnly) or nameof(DatabaseTexts.NoRights))) return;
        Show(state => state with { Writes = problem.Problem });
    }

    internal void Written() => Show(state => state with { Writes = null });

    public void Dispose() => _writer?.Dispose();

    private void Show(Func<DatabaseState, DatabaseState> change)
    {
        // Thousands of times a second nothing is different.
        if (change(Live.Current) != Live.Current) Live.Update(change);
    }

    private PortalDb NewContext()
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        Configure(options);
        return new(options.Options);
    }

    private async Task RefuseNewerAsync(PortalDb database, CancellationToken cancel)
    {
        var known = database.Database.GetMigrations().ToHashSet();
        if ((await database.Database.GetAppliedMigrationsAsync(cancel)).FirstOrDefault(applied => !known.Contains(applied)) is { } newer)
            throw new DatabaseUnusableException(DatabaseTexts.Newer(Address.Shown, newer), mayPass: false);
    }
}
