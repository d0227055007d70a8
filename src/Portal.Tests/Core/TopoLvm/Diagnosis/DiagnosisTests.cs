using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Diagnosis;

public sealed class DiagnosisTests
{
    public static TheoryData<string> Cases => [.. DiagnosisCases.Names];

    public static TheoryData<string> Healthy => [.. DiagnosisCases.HealthyOnes];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_answer_about_a_cluster_is_the_one_in_its_case_folder(string name) =>
        Assert.Equal(DiagnosisCases.Expected(name).TrimEnd(), DiagnosisCases.Describe(DiagnosisCases.Read(name)).TrimEnd());

    [Theory]
    [MemberData(nameof(Healthy))]
    public void In_a_healthy_cluster_nothing_is_found(string path) =>
        Assert.Empty(DiagnosisCases.Describe(ClusterYaml.Read(path)));
}
