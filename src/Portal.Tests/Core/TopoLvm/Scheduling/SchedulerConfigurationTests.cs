using System.Text.Json.Nodes;
using CsCheck;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class SchedulerConfigurationTests
{
    private static readonly string CasesFolder = Path.Combine(AppContext.BaseDirectory, "Core", "TopoLvm", "Scheduling", "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(CasesFolder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>Each folder under Cases: the form, the file that comes of it, and what a person is told to do with it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_file_and_the_instructions_are_those_of_the_case_folder(string name)
    {
        var folder = Path.Combine(CasesFolder, name);
        var form = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "form.json")))!.AsObject();
        var configuration = FormOf(form);

        var file = configuration.ToText();
        var steps = SchedulerInstructions.For(configuration, [.. form["nodes"]!.AsArray().Select(node => (string)node!)], (string?)form["otherFlag"], (bool?)form["isNamed"] == true);

        Assert.Empty(configuration.Check());
        var told = string.Join("\n", steps.Select((step, number) => $"{number + 1}. {step.Text.English}\n{step.Snippet}".TrimEnd() + "\n"));
        Assert.Empty(new[] { Compare(folder, "expected.file", file), Compare(folder, "expected.steps.txt", told) }.OfType<string>());
    }

    [Theory]
    [InlineData(19, "v1beta1 policy")]
    [InlineData(20, "v1beta1 policy")]
    [InlineData(21, "v1beta1 policy")]
    [InlineData(22, "v1beta2 v1beta1 policy")]
    [InlineData(23, "v1beta3 v1beta2")]
    [InlineData(24, "v1beta3 v1beta2")]
    [InlineData(25, "v1 v1beta3 v1beta2")]
    [InlineData(27, "v1 v1beta3 v1beta2")]
    [InlineData(28, "v1 v1beta3")]
    [InlineData(29, "v1")]
    [InlineData(36, "v1")]
    public void A_release_reads_the_forms_of_its_time_and_the_newest_comes_first(int minor, string formats) =>
        Assert.Equal(formats, string.Join(' ', SchedulerConfigurationFormat.ReadBy(minor).Select(format => format.Id)));

    [Theory]
    [InlineData(nameof(SchedulerConfiguration.Weight), "0")]
    [InlineData(nameof(SchedulerConfiguration.Weight), "-1")]
    [InlineData(nameof(SchedulerConfiguration.Weight), "1000001")]
    [InlineData(nameof(SchedulerConfiguration.UrlPrefix), "")]
    [InlineData(nameof(SchedulerConfiguration.UrlPrefix), "127.0.0.1:9251")]
    [InlineData(nameof(SchedulerConfiguration.UrlPrefix), "ftp://127.0.0.1")]
    [InlineData(nameof(SchedulerConfiguration.UrlPrefix), "http://127.0.0.1:9251/")]
    [InlineData(nameof(SchedulerConfiguration.UrlPrefix), "http://127.0.0.1:9251?a=b")]
    [InlineData(nameof(SchedulerConfiguration.ManagedResource), "capacity")]
    [InlineData(nameof(SchedulerConfiguration.ManagedResource), "topolvm.io/")]
    [InlineData(nameof(SchedulerConfiguration.ManagedResource), "Topolvm.io/capacity")]
    [InlineData(nameof(SchedulerConfiguration.ManagedResource), "topolvm.io/a b")]
    [InlineData(nameof(SchedulerConfiguration.Path), "relative/file")]
    [InlineData(nameof(SchedulerConfiguration.Path), "/file")]
    [InlineData(nameof(SchedulerConfiguration.Path), "/etc/a b")]
    [InlineData(nameof(SchedulerConfiguration.Path), "/etc/$(reboot)")]
    [InlineData(nameof(SchedulerConfiguration.Path), "/etc/../passwd")]
    [InlineData(nameof(SchedulerConfiguration.Kubeconfig), "scheduler.conf")]
    public void What_kube_scheduler_would_refuse_is_named_by_its_field(string field, string value)
    {
        var good = SchedulerConfiguration.For(SchedulerConfigurationFormat.All[0], TopoLvmNames.Current);
        var wrong = field switch
        {
            nameof(SchedulerConfiguration.Weight) => good with { Weight = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            nameof(SchedulerConfiguration.UrlPrefix) => good with { UrlPrefix = value },
            nameof(SchedulerConfiguration.ManagedResource) => good with { ManagedResource = value },
            nameof(SchedulerConfiguration.Path) => good with { Path = value },
            _ => good with { Kubeconfig = value },
        };

        Assert.Empty(good.Check());
        Assert.Equal([field], wrong.Check().Select(problem => problem.Field));
    }

    [Fact]
    public void A_policy_needs_no_kubeconfig() =>
        Assert.Empty((SchedulerConfiguration.For(SchedulerConfigurationFormat.Policy, TopoLvmNames.Legacy) with { Kubeconfig = "" }).Check());

    [Fact]
    public void Every_form_says_the_same_of_the_extender() =>
        Gen.Select(Gen.OneOf(SchedulerConfigurationFormat.All.ToArray()), Gen.Int[1, 1000], Gen.Bool, Gen.Bool).Sample((format, weight, ignored, isOld) =>
        {
            var names = isOld ? TopoLvmNames.Legacy : TopoLvmNames.Current;
            var configuration = SchedulerConfiguration.For(format, names) with { Weight = weight, IgnoredByScheduler = ignored };

            var extender = Read(configuration.ToText())["extenders"]![0]!.AsObject();

            Assert.Equal(weight, (int)extender["weight"]!);
            Assert.Equal("predicate prioritize", $"{(string?)extender["filterVerb"]} {(string?)extender["prioritizeVerb"]}");
            Assert.Equal(names.CapacityResource, (string?)extender["managedResources"]![0]!["name"]);
            Assert.Equal(ignored, (bool)extender["managedResources"]![0]!["ignoredByScheduler"]!);
        });

    private static SchedulerConfiguration FormOf(JsonObject form)
    {
        var configuration = SchedulerConfiguration.For(SchedulerConfigurationFormat.Find((string?)form["format"])!, new TopoLvmNames((string)form["group"]!));
        if (form["weight"] is { } weight) configuration = configuration with { Weight = (int)weight };
        if (form["url"] is { } url) configuration = configuration with { UrlPrefix = (string)url! };
        if (form["path"] is { } path) configuration = configuration with { Path = (string)path! };
        return form["leaderElect"] is { } elect ? configuration with { LeaderElect = (bool)elect } : configuration;
    }

    /// <summary>Null when they are the same; else the new text is left beside the expected one.</summary>
    private static string? Compare(string folder, string name, string actual)
    {
        var path = Path.Combine(folder, name);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual) return null;
        File.WriteAllText(Path.Combine(folder, name.Replace("expected", "actual", StringComparison.Ordinal)), actual);
        return $"{path} differs:\n{actual}";
    }

    private static JsonObject Read(string text) => text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : YamlDocument(text);

    private static JsonObject YamlDocument(string text)
    {
        var read = new YamlDotNet.Serialization.DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(text));
        return JsonNode.Parse(new YamlDotNet.Serialization.SerializerBuilder().JsonCompatible().Build().Serialize(read!))!.AsObject();
    }
}
