using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Lvm;
using Portal.Core.Texts;
using Portal.Database;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

public abstract class GroupBackupsTests(TestDatabase database) : IDisposable
{
    private readonly TestDatabase _database = database;
    private readonly ManualTime _time = new();
    private readonly List<GroupBackups> _opened = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_ones_of_each_group_are_kept_and_outlive_the_portal()
    {
        var backups = await OpenAsync();
        for (var change = 1; change <= GroupBackups.Kept + 3; change++) await backups.KeepAsync("edge-1", Report($"op-{change}", ("data", $"data {change}"), ("other", $"other {change}")), Cancel);
        await backups.KeepAsync("edge-2", Report("op-0", ("data", "of another node")), Cancel);

        var kept = (await OpenAsync()).Live.Current;

        Assert.Equal(GroupBackups.Kept, kept.Of("edge-1").Count(backup => backup.VolumeGroup == "data"));
        Assert.Equal(GroupBackups.Kept, kept.Of("edge-1").Count(backup => backup.VolumeGroup == "other"));
        Assert.Equal("data 13", await backups.FindTextAsync(kept.Of("edge-1").First(backup => backup.VolumeGroup == "data").Id, Cancel));
        Assert.Equal("data 4", await backups.FindTextAsync(kept.Of("edge-1").Last(backup => backup.VolumeGroup == "data").Id, Cancel));
        Assert.Equal("of another node", await backups.FindTextAsync(Assert.Single(kept.Of("edge-2")).Id, Cancel));
    }

    [Fact]
    public async Task A_report_that_is_sent_again_or_tells_of_a_command_under_way_brings_nothing_new()
    {
        var backups = await OpenAsync();
        var report = Report("op", ("data", "first"));

        await backups.KeepAsync("edge-1", report with { State = CommandState.Running }, Cancel);
        Assert.Empty(backups.Live.Current.All);
        await backups.KeepAsync("edge-1", report, Cancel);
        await backups.KeepAsync("edge-1", report, Cancel);

        Assert.Single(backups.Live.Current.All);
    }

    [Fact]
    public async Task Whoever_makes_up_names_of_groups_does_not_fill_the_disk()
    {
        var backups = await OpenAsync();
        var many = Enumerable.Range(0, 250).Select(number => ($"group{number}", "text")).ToArray();

        await backups.KeepAsync("edge-1", Report("op", many), Cancel);

        Assert.Equal(100, backups.Live.Current.All.Length);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var backups in _opened) backups.Dispose();
        _database.Dispose();
    }

    private async Task<GroupBackups> OpenAsync()
    {
        await DatabaseServices.MigrateAsync(_database.Databases, Cancel);
        var backups = new GroupBackups(_database.Databases, _time, NullLogger<GroupBackups>.Instance);
        _opened.Add(backups);
        await backups.StartAsync(Cancel);
        return backups;
    }

    private static CommandReport Report(string operation, params (string Group, string Text)[] backups) =>
        new(operation, CommandState.Done, (Message?)null, []) { Backups = [.. backups.Select(backup => new VolumeGroupBackup(backup.Group, backup.Text))] };
}

public sealed class SqliteGroupBackupsTests() : GroupBackupsTests(new());

public sealed class PostgresGroupBackupsTests() : GroupBackupsTests(TestDatabase.OnPostgres());
