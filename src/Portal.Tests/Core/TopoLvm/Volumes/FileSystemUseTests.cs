using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
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
        new FileSystemUse(1000, 250, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), FileSystemUse.ReadAll(Encoding.UTF8.GetBytes(Summary))[new("shop", "data")]);

    [Theory]
    [InlineData("data", "other")]
    [InlineData("logs", "shop")]
    public void A_claim_that_no_pod_there_mounts_is_not_told_of(string name, string ns) =>
        Assert.DoesNotContain(new(ns, name), FileSystemUse.ReadAll(Encoding.UTF8.GetBytes(Summary)));

    [Fact]
    public void Of_a_claim_that_several_pods_mount_the_newest_number_counts()
    {
        var two = """{"pods":[{"volume":[{"pvcRef":{"name":"a","namespace":"b"},"capacityBytes":10,"usedBytes":2,"time":"2026-01-02T03:04:05Z"}]},{"volume":[{"pvcRef":{"name":"a","namespace":"b"},"capacityBytes":10,"usedBytes":1,"time":"2026-01-02T03:03:05Z"}]}]}""";

        Assert.Equal(2, FileSystemUse.ReadAll(Encoding.UTF8.GetBytes(two))[new("b", "a")].UsedBytes);
    }

    [Fact]
    public void Whatever_volumes_a_summary_holds_those_of_claims_are_read_as_they_are()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var (summary, expected) = Made(random);

            Assert.Equal(expected, FileSystemUse.ReadAll(JsonSerializer.SerializeToUtf8Bytes(summary)).ToDictionary());
        }
    }

    [Fact]
    public void A_summary_that_is_cut_or_damaged_is_an_error_or_tells_less_and_never_something_else()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var (summary, expected) = Made(random);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(summary);
            if (random.Next(2) == 0) bytes = bytes[..random.Next(bytes.Length)];
            // A name becomes another one, a list a number, a number a text.
            else bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(random.Next(2) == 0 ? "\"usedBytes\":" : "\"volume\":", "\"else\":", StringComparison.Ordinal));

            try
            {
                Assert.Subset(expected.ToHashSet(), FileSystemUse.ReadAll(bytes).ToHashSet());
            }
            catch (JsonException)
            {
                // That is how it is said.
            }
        }
    }

    private static (JsonObject Summary, Dictionary<ObjectName, FileSystemUse> Expected) Made(Random random)
    {
        var expected = new Dictionary<ObjectName, FileSystemUse>();
        var pods = new JsonArray();
        for (var pod = random.Next(5); pod >= 0; pod--)
        {
            var volumes = new JsonArray();
            for (var volume = random.Next(4); volume > 0; volume--)
            {
                var at = DateTimeOffset.UnixEpoch.AddSeconds(random.Next());
                var (capacity, used, inodes) = (random.NextInt64(), random.NextInt64(), random.NextInt64());
                var claim = new ObjectName("ns-" + random.Next(3), $"data-{expected.Count}");
                var one = new JsonObject { ["name"] = "v", ["capacityBytes"] = capacity, ["usedBytes"] = used, ["inodes"] = inodes, ["inodesUsed"] = inodes / 2, ["time"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
                if (random.Next(3) > 0) one["pvcRef"] = new JsonObject { ["name"] = claim.Name, ["namespace"] = claim.Namespace };
                // A kubelet leaves out what it could not measure.
                if (random.Next(4) == 0) one.Remove("usedBytes");
                if (one.ContainsKey("pvcRef") && one.ContainsKey("usedBytes")) expected[claim] = new(capacity, used, at) { Inodes = inodes, UsedInodes = inodes / 2 };
                volumes.Add(one);
            }
            var podStats = new JsonObject { ["podRef"] = new JsonObject { ["name"] = "p" } };
            if (volumes.Count > 0) podStats["volume"] = volumes;
            pods.Add(podStats);
        }
        return (new JsonObject { ["pods"] = pods }, expected);
    }

    [Fact]
    public void What_is_no_summary_is_an_error_and_no_empty_volume() => Assert.Throws<JsonException>(() => FileSystemUse.ReadAll("[]"u8.ToArray()));
}
