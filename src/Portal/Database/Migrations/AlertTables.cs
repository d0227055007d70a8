using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261127000200_Alerts")]
internal sealed class AlertTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("alerts", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Rule = table.Column<string>(nullable: false),
            Object = table.Column<string>(nullable: false),
            Severity = table.Column<string>(nullable: false),
            Alert = table.Column<string>(nullable: false),
            FiredAt = table.Column<long>(nullable: false),
            ResolvedAt = table.Column<long>(nullable: true),
            AcknowledgedBy = table.Column<string>(nullable: true),
            AcknowledgedAt = table.Column<long>(nullable: true),
        }, constraints: table => table.PrimaryKey("PK_alerts", row => row.Id));
        migrationBuilder.CreateIndex("IX_alerts_ResolvedAt", "alerts", "ResolvedAt");
        migrationBuilder.CreateTable("silences", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Rule = table.Column<string>(nullable: true),
            Object = table.Column<string>(nullable: true),
            Why = table.Column<string>(nullable: false),
            CreatedBy = table.Column<string>(nullable: false),
            CreatedAt = table.Column<long>(nullable: false),
            EndsAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_silences", row => row.Id));
        migrationBuilder.CreateTable("settings", table => new
        {
            Name = table.Column<string>(nullable: false),
            Value = table.Column<string>(nullable: false),
            SavedBy = table.Column<string>(nullable: false),
            SavedAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_settings", row => row.Name));
        CreateChannels(migrationBuilder);
        CreateAutoExpand(migrationBuilder);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "auto_expansions", "auto_expand_policies", "deliveries", "channels", "settings", "silences", "alerts" }) migrationBuilder.DropTable(table);
    }

    private static void CreateChannels(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("channels", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Kind = table.Column<string>(nullable: false),
            Name = table.Column<string>(nullable: false),
            Protected = table.Column<string>(nullable: false),
            LeastSeverity = table.Column<string>(nullable: false),
            Language = table.Column<string>(nullable: false),
            IsEnabled = table.Column<bool>(nullable: false),
            SavedBy = table.Column<string>(nullable: false),
            SavedAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_channels", row => row.Id));
        migrationBuilder.CreateTable("deliveries", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            AlertId = table.Column<long>(nullable: false),
            ChannelId = table.Column<long>(nullable: false),
            Change = table.Column<string>(nullable: false),
            Alert = table.Column<string>(nullable: false),
            State = table.Column<string>(nullable: false),
            Attempts = table.Column<int>(nullable: false),
            CreatedAt = table.Column<long>(nullable: false),
            NextAt = table.Column<long>(nullable: false),
            Problem = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey("PK_deliveries", row => row.Id));
        migrationBuilder.CreateIndex("IX_deliveries_State_NextAt", "deliveries", ["State", "NextAt"]);
    }

    private static void CreateAutoExpand(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("auto_expand_policies", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Namespace = table.Column<string>(nullable: true),
            Volume = table.Column<string>(nullable: true),
            StorageClass = table.Column<string>(nullable: true),
            Rules = table.Column<string>(nullable: false),
            IsEnabled = table.Column<bool>(nullable: false),
            SavedBy = table.Column<string>(nullable: false),
            SavedAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_auto_expand_policies", row => row.Id));
        migrationBuilder.CreateTable("auto_expansions", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            PolicyId = table.Column<long>(nullable: false),
            Volume = table.Column<string>(nullable: false),
            At = table.Column<long>(nullable: false),
            FromSize = table.Column<string>(nullable: false),
            ToSize = table.Column<string>(nullable: true),
            Problem = table.Column<string>(nullable: true),
            OperationId = table.Column<long>(nullable: true),
        }, constraints: table => table.PrimaryKey("PK_auto_expansions", row => row.Id));
        migrationBuilder.CreateIndex("IX_auto_expansions_Volume_At", "auto_expansions", ["Volume", "At"]);
    }
}
