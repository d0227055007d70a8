using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261127000100_Metrics")]
internal sealed class MetricTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("metric_readings", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Stream = table.Column<string>(nullable: false),
            Layout = table.Column<long>(nullable: false),
            FirstAt = table.Column<long>(nullable: false),
            LastAt = table.Column<long>(nullable: false),
            IsLate = table.Column<bool>(nullable: false),
            Data = table.Column<byte[]>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_metric_readings", row => row.Id));
        migrationBuilder.CreateIndex("IX_metric_readings_Stream_LastAt", "metric_readings", ["Stream", "LastAt"]);
        migrationBuilder.CreateTable("metric_layouts", table => new
        {
            Id = table.Column<long>(nullable: false),
            Data = table.Column<byte[]>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_metric_layouts", row => row.Id));
        migrationBuilder.CreateTable("metric_segments", table => new
        {
            Stream = table.Column<string>(nullable: false),
            Tier = table.Column<int>(nullable: false),
            Start = table.Column<long>(nullable: false),
            Data = table.Column<byte[]>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_metric_segments", row => new { row.Stream, row.Tier, row.Start }));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("metric_segments");
        migrationBuilder.DropTable("metric_layouts");
        migrationBuilder.DropTable("metric_readings");
    }
}
