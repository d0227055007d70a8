using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Database;

/// <summary>The portal's own memory: operations and their journal, custom profiles, versions of lvmd.yaml, descriptions of volume groups, what agents may come with and have told. Deleting it loses no storage.</summary>
public sealed class PortalDb : DbContext
{
    public PortalDb(DbContextOptions<PortalDb> options) : base(options)
    {
        // A change of one row too: only a transaction looks whether this portal may write (OneWriter).
        if (Database.IsNpgsql()) Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    public DbSet<OperationRow> Operations => Set<OperationRow>();
    public DbSet<StepRow> Steps => Set<StepRow>();
    public DbSet<EffectRow> Effects => Set<EffectRow>();
    public DbSet<ProfileRow> Profiles => Set<ProfileRow>();
    public DbSet<LvmdVersionRow> LvmdVersions => Set<LvmdVersionRow>();
    public DbSet<SampleMarkRow> SampleMarks => Set<SampleMarkRow>();
    public DbSet<JoinTokenRow> JoinTokens => Set<JoinTokenRow>();
    public DbSet<AgentRefusalRow> AgentRefusals => Set<AgentRefusalRow>();
    public DbSet<AlertRow> Alerts => Set<AlertRow>();
    public DbSet<SilenceRow> Silences => Set<SilenceRow>();
    public DbSet<SettingRow> Settings => Set<SettingRow>();
    public DbSet<ChannelRow> Channels => Set<ChannelRow>();
    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();
    public DbSet<AutoExpandPolicyRow> AutoExpandPolicies => Set<AutoExpandPolicyRow>();
    public DbSet<AutoExpansionRow> AutoExpansions => Set<AutoExpansionRow>();
    public DbSet<ReadingRow> Readings => Set<ReadingRow>();
    public DbSet<ReadingLayoutRow> ReadingLayouts => Set<ReadingLayoutRow>();
    public DbSet<SegmentRow> Segments => Set<SegmentRow>();
    public DbSet<GroupBackupRow> GroupBackups => Set<GroupBackupRow>();

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
        modelBuilder.Entity<LvmdVersionRow>(version =>
        {
            version.ToTable("lvmd_versions");
            version.HasIndex(row => new { row.Namespace, row.ConfigMap });
        });
        modelBuilder.Entity<SampleMarkRow>(mark =>
        {
            mark.ToTable("sample_marks");
            mark.HasKey(row => new { row.Node, row.Spool });
        });
        modelBuilder.Entity<JoinTokenRow>(token =>
        {
            token.ToTable("join_tokens");
            token.HasIndex(row => row.Hash).IsUnique();
        });
        modelBuilder.Entity<AgentRefusalRow>().ToTable("agent_refusals");
        AlertModel.Add(modelBuilder);
        modelBuilder.Entity<ReadingRow>(reading =>
        {
            reading.ToTable("metric_readings");
            reading.HasIndex(row => new { row.Stream, row.LastAt });
        });
        modelBuilder.Entity<ReadingLayoutRow>(layout =>
        {
            layout.ToTable("metric_layouts");
            layout.Property(row => row.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<SegmentRow>(segment =>
        {
            segment.ToTable("metric_segments");
            segment.HasKey(row => new { row.Stream, row.Tier, row.Start });
        });
        modelBuilder.Entity<GroupBackupRow>(backup =>
        {
            backup.ToTable("group_backups");
            backup.HasIndex(row => new { row.Node, row.VolumeGroup });
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
