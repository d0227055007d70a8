using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Database.Migrations;

[DbContext(typeof(PortalDb))]
[Migration("20261125000100_Agents")]
internal sealed class AgentTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("sample_marks", table => new
        {
            Node = table.Column<string>(nullable: false),
            Spool = table.Column<string>(nullable: false),
            Sequence = table.Column<long>(nullable: false),
            At = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_sample_marks", row => new { row.Node, row.Spool }));
        migrationBuilder.CreateTable("join_tokens", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Hash = table.Column<string>(nullable: false),
            Node = table.Column<string>(nullable: false),
            CreatedBy = table.Column<string>(nullable: false),
            CreatedAt = table.Column<long>(nullable: false),
            ExpiresAt = table.Column<long>(nullable: false),
            RevokedAt = table.Column<long>(nullable: true),
        }, constraints: table => table.PrimaryKey("PK_join_tokens", row => row.Id));
        migrationBuilder.CreateIndex("IX_join_tokens_Hash", "join_tokens", "Hash", unique: true);
        migrationBuilder.CreateTable("agent_refusals", table => new
        {
            Id = table.Column<long>(nullable: false).Numbered(),
            Address = table.Column<string>(nullable: false),
            Node = table.Column<string>(nullable: true),
            Reason = table.Column<string>(nullable: false),
            Count = table.Column<int>(nullable: false),
            FirstAt = table.Column<long>(nullable: false),
            LastAt = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_agent_refusals", row => row.Id));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("agent_refusals");
        migrationBuilder.DropTable("join_tokens");
        migrationBuilder.DropTable("sample_marks");
    }
}
