using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class YamlTextTests
{
    [Fact]
    public void What_is_written_reads_back_as_the_same_document()
    {
        Gen<JsonNode?> scalars = Gen.OneOf(
            Gen.String[Gen.Char[' ', '~'], 0, 12].Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.OneOf("true", "null", "no", "08", "1e3", "-1", "- a", "a: b", "#c", " x ", "a\nb\n", "a\n\n b", "节点", "1.20", "0x1f", "~", "=", "2026-11-22", "0b1", "1_000")
                .Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
            Gen.Const((JsonNode?)null));
        Gen<JsonNode?> lists = scalars.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]));
        Gen.OneOf(scalars, lists).Array[0, 5].Sample(values =>
        {
            var document = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "A", ["metadata"] = new JsonObject { ["name"] = "a" } };
            for (var i = 0; i < values.Length; i++) document["k" + i] = values[i]?.DeepClone();
            // A placeholder in the text would be filled in: not what is tested here.
            var yaml = YamlText.Write(document);
            var problems = new List<ManifestProblem>();
            var none = new ManifestValues(ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, ManifestCondition>.Empty);
            var read = ManifestTemplate.Parse(yaml, problems)?.Render(none, problems, []);
            Assert.True(problems.Count == 0 && read is [var only] && JsonNode.DeepEquals(document, only.Object.Json), yaml + "\n" + string.Join("; ", problems.Select(problem => problem.Text.English)));
        });
    }
}
