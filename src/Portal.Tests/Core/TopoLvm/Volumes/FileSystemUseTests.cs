using System.Text;
using System.Text.Json;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Tests.Core.TopoLvm.Volumes;

public sealed class FileSystemUseTests
{
    private const string Summary = """
        {"node":{"nodeName":"edge-1"},"pods":[
          {"podRef":{"name":"web"}},
          {"podRef":{"name":"db-0"},"volume":[
            {"name":"token","capacityBytes":100,"usedBytes":1,"time":"2026-01-02T03:04:05Z"},
            {"name":"data","pvcRef":{"name":"data","namespace":"shop"},"capacityBytes":1000,"usedBytes":250,"time":"2026-01-02T03:04:05Z"}]}]}
        """;

    [Fact]
    public void The_kubelets_summary_tells_how_full_a_claim_is() => Assert.Equal(
        new FileSystemUse(1000, 250, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), FileSystemUse.Read(Encoding.UTF8.GetBytes(Summary), new("shop", "data")));

    [Theory]
    [InlineData("data", "other")]
    [InlineData("logs", "shop")]
    public void A_claim_that_no_pod_there_mounts_is_not_told_of(string name, string ns) =>
        Assert.Null(FileSystemUse.Read(Encoding.UTF8.GetBytes(Summary), new(ns, name)));

    [Fact]
    public void What_is_no_summary_is_an_error_and_no_empty_volume() => Assert.Throws<JsonException>(() => FileSystemUse.Read("[]"u8, new("shop", "data")));
}
