using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Database;

/// <summary>The portal's own memory: operations and their journal, custom profiles. Deleting it loses no storage.</summary>
public sealed class PortalDb(DbContextOptions<PortalDb> options) : DbContext(options)
{
    public DbSet<OperationRow> Operations => Set<OperationRow>();
    public DbSet<StepRow> Steps => Set<StepRow>();
    public DbSet<EffectRow> Effects => Set<EffectRow>();
    public DbSet<ProfileRow> Profiles => Set<ProfileRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Milliseconds since 1970 sort the same in every database.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OperationRow>(operation =>
        {
            operation.ToTable("operations");
            operation.HasMany(row => row.Steps).WithOne().HasForeignKey(step => step.OperationId).OnDelete(DeleteBehavior.Cascade);
            operation.HasMany<EffectRow>().WithOne().HasForeignKey(effect => effect.OperationId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<StepRow>(step =>
        {
            step.ToTable("steps");
            step.HasKey(row => new { row.OperationId, row.Ordinal });
        });
        modelBuilder.Entity<EffectRow>(effect =>
        {
            effect.ToTable("effects");
            effect.HasIndex(row => row.OperationId);
        });
        modelBuilder.Entity<ProfileRow>(profile =>
        {
            profile.ToTable("profiles");
            profile.HasKey(row => row.Name);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
