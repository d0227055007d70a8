using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261127000100_GroupBackups")]
internal sealed class GroupBackupsTable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("group_backups", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Node = table.Column<string>(nullable: false),
            VolumeGroup = table.Column<string>(nullable: false),
            OperationId = table.Column<string>(nullable: false),
            At = table.Column<long>(nullable: false),
            Text = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_group_backups", row => row.Id));
        migrationBuilder.CreateIndex("IX_group_backups_Node_VolumeGroup", "group_backups", ["Node", "VolumeGroup"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("group_backups");
}
