using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261124000100_LvmdVersions")]
internal sealed class LvmdVersionsTable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("lvmd_versions", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Namespace = table.Column<string>(nullable: false),
            ConfigMap = table.Column<string>(nullable: false),
            At = table.Column<long>(nullable: false),
            By = table.Column<string>(nullable: true),
            Text = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_lvmd_versions", row => row.Id));
        migrationBuilder.CreateIndex("IX_lvmd_versions_Namespace_ConfigMap", "lvmd_versions", ["Namespace", "ConfigMap"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("lvmd_versions");
}
