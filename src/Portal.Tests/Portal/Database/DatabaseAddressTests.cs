using Npgsql;
using Portal.Database;

namespace Portal.Tests.Portal.Database;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("Host=db.example;Port=5433;Database=portal;Username=ada;Password=p@ss/w%rd;SSL Mode=Require")]
    [InlineData("postgresql://ada:p%40ss%2Fw%25rd@db.example:5433/portal?sslmode=require")]
    [InlineData("postgres://ada:p%40ss%2Fw%25rd@db.example:5433/portal?sslmode=require")]
    public void Both_ways_to_write_an_address_are_read_alike(string text)
    {
        var address = DatabaseAddress.Postgres(text);

        var read = new NpgsqlConnectionStringBuilder(address.Reveal());
        Assert.Equal(("db.example", 5433, "portal", "ada", "p@ss/w%rd", SslMode.Require), (read.Host, read.Port, read.Database, read.Username, read.Password, read.SslMode));
        Assert.Equal("db.example:5433/portal", address.ToString());
        Assert.StartsWith("topolvm-portal@", read.ApplicationName, StringComparison.Ordinal);
        Assert.Equal(20, read.MaxPoolSize);
    }

    [Fact]
    public void What_is_said_about_the_pool_counts()
    {
        var read = new NpgsqlConnectionStringBuilder(DatabaseAddress.Postgres("Host=db;Database=portal;Maximum Pool Size=100;Max Auto Prepare=0;Application Name=mine").Reveal());

        Assert.Equal((100, 0, "mine"), (read.MaxPoolSize, read.MaxAutoPrepare, read.ApplicationName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("portal.db")]
    [InlineData("Host=db.example;Username=ada;Password=s3cret")]
    [InlineData("Database=portal;Password=s3cret")]
    [InlineData("Host=db.example;Database=portal;Pasword=s3cret")]
    [InlineData("Host=db.example;Database=portal;Port=s3cret")]
    [InlineData("postgresql://ada:s3cret@db.example")]
    [InlineData("postgresql://ada:s3cret@:x/portal")]
    [InlineData("postgresql://ada:s3cret@db.example/portal?sslmod=require")]
    public void What_names_no_database_is_refused_and_not_repeated(string text) =>
        Assert.DoesNotContain("s3cret", Assert.ThrowsAny<ArgumentException>(() => DatabaseAddress.Postgres(text)).Message, StringComparison.Ordinal);
}
