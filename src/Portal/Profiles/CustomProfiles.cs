using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Database;

namespace Portal.Profiles;

/// <summary>The custom install profiles of this portal, in its database and live for every page.</summary>
public sealed class CustomProfiles(IDbContextFactory<PortalDb> databases, TimeProvider time) : IHostedService
{
    /// <summary>By name.</summary>
    public Live<CustomProfileList> Live { get; } = new(new([]));

    public Task StartAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Saves a profile under its name; one of the same name is replaced.</summary>
    public async Task SaveAsync(string name, string basedOn, string yaml, string savedBy, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
        {
            var row = await database.Profiles.FindAsync([name], cancel);
            if (row is null) database.Profiles.Add(row = new ProfileRow { Name = name, BasedOn = basedOn, Yaml = yaml, SavedBy = savedBy });
            (row.BasedOn, row.Yaml, row.SavedBy, row.SavedAt) = (basedOn, yaml, savedBy, time.GetUtcNow());
            await database.SaveChangesAsync(cancel);
        }
        await LoadAsync(cancel);
    }

    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
            await database.Profiles.Where(row => row.Name == name).ExecuteDeleteAsync(cancel);
        await LoadAsync(cancel);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.Profiles.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancel);
        Live.Publish(new([.. rows.Select(row => new CustomProfile(row.Name, row.BasedOn, row.Yaml, row.SavedBy, row.SavedAt))]));
    }
}

public sealed record CustomProfileList(ImmutableArray<CustomProfile> Profiles)
{
    public CustomProfile? Find(string? name) => Profiles.FirstOrDefault(profile => profile.Name == name);
}
