using System.Collections.Immutable;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class ManifestTemplateTests
{
    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"a\n", "NotYaml")]
    [InlineData("- a\n- b\n", "DocumentNotMapping", 1, 1)]
    [InlineData("kind: ConfigMap\nmetadata: { name: a }\n", "NotAnObject", 1, 1)]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${nmespace}\n", "UnknownPlaceholder", 4, 9)]
    [InlineData("$when: extendr\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n", "UnknownCondition", 1, 8)]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  key: b\n", "SecretInProfile", 1, 1)]
    public void What_is_wrong_in_a_profile_is_found_with_its_place(string yaml, string key, int line = 0, int column = 0)
    {
        var problems = InstallPlan.For(Custom(yaml), GivenCluster.Of(20)).Problems;

        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Text.Key);
        if (line > 0) Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.True(problem.Line >= 1 && problem.Column >= 1);
    }

    [Fact]
    public void A_value_never_changes_the_structure_of_the_document()
    {
        var values = new ManifestValues(ImmutableDictionary<string, string>.Empty.Add("x", "a: b\n- c"), ImmutableDictionary<string, ManifestCondition>.Empty);
        var document = Assert.Single(ManifestTemplate.Parse("apiVersion: v1\nkind: A\nmetadata:\n  name: ${x}\n", [])!.Render(values, [], []));

        Assert.Equal("a: b\n- c", document.Object.Name);
    }

    [Theory]
    [InlineData("${n}", "3", "3")]
    [InlineData("\"${n}\"", "3", "\"3\"")]
    [InlineData("${n}", "true", "true")]
    [InlineData("${n}", "08", "\"08\"")]
    [InlineData("${n}", "yes", "\"yes\"")]
    public void A_placeholder_takes_the_type_that_its_value_has_in_yaml(string scalar, string value, string json)
    {
        var values = new ManifestValues(ImmutableDictionary<string, string>.Empty.Add("n", value), ImmutableDictionary<string, ManifestCondition>.Empty);
        var document = Assert.Single(ManifestTemplate.Parse($"apiVersion: v1\nkind: A\nmetadata: {{ name: a }}\nx: {scalar}\n", [])!.Render(values, [], []));

        Assert.Equal(json, document.Object.Json["x"]!.ToJsonString());
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var levels = Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(",", Enumerable.Repeat("*a" + (i - 1), 9))}]");
        var yaml = "apiVersion: v1\nkind: A\nmetadata: { name: a }\na0: &a0 [x]\n" + string.Join("\n", levels) + "\n";

        Assert.Contains(InstallPlan.For(Custom(yaml), GivenCluster.Of(20)).Problems, problem => problem.Text.Key == "TooManyNodes");
    }

    private static InstallSpec Custom(string yaml) => new() { CustomName = "mine", CustomManifests = yaml };
}
