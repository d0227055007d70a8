using System.Text.Json;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

/// <summary>Each folder of <c>Cases</c> is an install on a cluster and the objects it comes to.</summary>
public sealed class InstallPlanCases
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Core/TopoLvm/Install/Cases");

    public static TheoryData<string> Names => [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_plan_is_what_the_case_says(string name)
    {
        var (cluster, spec) = await ReadAsync(name);
        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, name, "expected.yaml"), TestContext.Current.CancellationToken);

        var plan = InstallPlan.For(spec, cluster);

        var actual = string.Join("---\n", plan.Objects.Select(planned => YamlText.Write(planned.Document.Json)));
        if (actual != expected) await File.WriteAllTextAsync(Path.Combine(Folder, name, "actual.yaml"), actual, TestContext.Current.CancellationToken);
        Assert.Empty(plan.Problems);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_question_has_the_same_answer_in_an_order_that_cannot_block_the_cluster(string name)
    {
        var (cluster, spec) = await ReadAsync(name);

        var plan = InstallPlan.For(spec, cluster);
        var again = InstallPlan.For(spec, cluster);

        Assert.Equal(plan.Objects.Select(planned => planned.Document.Json.ToJsonString()), again.Objects.Select(planned => planned.Document.Json.ToJsonString()));
        var stages = plan.Objects.Select(planned => planned.Stage).ToArray();
        Assert.Equal(stages.Order(), stages);
        Assert.All(plan.Objects.Where(planned => planned.Document.Kind.EndsWith("WebhookConfiguration", StringComparison.Ordinal)), planned => Assert.Equal(InstallStage.Webhook, planned.Stage));
        Assert.Equal(InstallStage.Webhook, Enum.GetValues<InstallStage>().Max());
    }

    private static async Task<(ClusterFacts Cluster, InstallSpec Spec)> ReadAsync(string name)
    {
        using var cluster = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name, "cluster.json"), TestContext.Current.CancellationToken));
        var spec = InstallSpec.FromJson(await File.ReadAllTextAsync(Path.Combine(Folder, name, "install.json"), TestContext.Current.CancellationToken));
        var minor = cluster.RootElement.GetProperty("minor").GetInt32();
        return (GivenCluster.Of(minor, cluster.RootElement.GetProperty("snapshots").GetBoolean()), spec);
    }
}
