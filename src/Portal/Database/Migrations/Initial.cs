using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261122000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("operations", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Kind = table.Column<string>(nullable: false),
            Title = table.Column<string>(nullable: false),
            Parameters = table.Column<string>(nullable: false),
            StartedBy = table.Column<string>(nullable: false),
            State = table.Column<string>(nullable: false),
            StartedAt = table.Column<long>(nullable: false),
            FinishedAt = table.Column<long>(nullable: true),
            Problem = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey("PK_operations", row => row.Id));

        migrationBuilder.CreateTable("steps", table => new
        {
            OperationId = table.Column<long>(nullable: false),
            Ordinal = table.Column<int>(nullable: false),
            StepId = table.Column<string>(nullable: false),
            Title = table.Column<string>(nullable: false),
            State = table.Column<string>(nullable: false),
            Report = table.Column<string>(nullable: true),
            StartedAt = table.Column<long>(nullable: true),
            FinishedAt = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("PK_steps", row => new { row.OperationId, row.Ordinal });
            table.ForeignKey("FK_steps_operations_OperationId", row => row.OperationId, "operations", "Id", onDelete: ReferentialAction.Cascade);
        });

        migrationBuilder.CreateTable("effects", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            OperationId = table.Column<long>(nullable: false),
            StepId = table.Column<string>(nullable: false),
            At = table.Column<long>(nullable: false),
            Text = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("PK_effects", row => row.Id);
            table.ForeignKey("FK_effects_operations_OperationId", row => row.OperationId, "operations", "Id", onDelete: ReferentialAction.Cascade);
        });
        migrationBuilder.CreateIndex("IX_effects_OperationId", "effects", "OperationId");

        migrationBuilder.CreateTable("profiles", table => new
        {
            Name = table.Column<string>(nullable: false),
            BasedOn = table.Column<string>(nullable: false),
            Yaml = table.Column<string>(nullable: false),
            SavedBy = table.Column<string>(nullable: false),
            SavedAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_profiles", row => row.Name));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("profiles");
        migrationBuilder.DropTable("effects");
        migrationBuilder.DropTable("steps");
        migrationBuilder.DropTable("operations");
    }
}
