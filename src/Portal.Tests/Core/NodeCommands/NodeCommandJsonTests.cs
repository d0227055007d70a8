using System.Text.Json;
using Portal.Core.NodeCommands;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.NodeCommands;

public sealed class NodeCommandJsonTests
{
    private static readonly NodeCommand[] Commands =
    [
        new CreateVolumeGroup("myvg1", ["/dev/sdb", "/dev/sdc"], ["/dev/sdb"]),
        new ExtendVolumeGroup("myvg1", ["/dev/sdd"], []),
        new RemovePhysicalVolume("myvg1", "/dev/sdb"),
        new ResizePhysicalVolume("/dev/sdb"),
        new RemoveVolumeGroup("myvg1"),
        new RenameVolumeGroup("myvg1", "fast"),
        new ForgetMissingDisks("myvg1"),
        new RestoreMissingDisk("myvg1", "/dev/sdb"),
        new ActivateVolumeGroup("myvg1"),
        new CreateLoopDevice("disk1.img", 1L << 40),
        new GrowLoopDevice("/var/lib/disk1.img", 1L << 41),
        new AttachLoopDevice("/var/lib/disk1.img"),
        new RemoveLoopDevice("/var/lib/disk1.img"),
        new WriteSchedulerFile("/etc/kubernetes/scheduler.yaml", "kind: \"Policy\"\n# 策略\n"),
    ];

    [Fact]
    public void Every_command_comes_back_from_JSON_as_it_was()
    {
        Assert.Equal(typeof(NodeCommand).Assembly.GetTypes().Count(type => type.BaseType == typeof(NodeCommand)), Commands.Length);
        foreach (var command in Commands)
        {
            var json = JsonSerializer.Serialize(command, NodeCommandJson.Default.NodeCommand);
            var back = JsonSerializer.Deserialize(json, NodeCommandJson.Default.NodeCommand)!;

            Assert.Equal(command.GetType(), back.GetType());
            Assert.Equal(json, JsonSerializer.Serialize(back, NodeCommandJson.Default.NodeCommand));
        }
    }

    [Fact]
    public void A_plan_comes_back_from_JSON_with_what_the_agent_does_itself()
    {
        var node = With() with { Scheduler = new(["--config=/etc/kubernetes/scheduler.yaml"]) };
        var plan = NodePlanner.Plan(new WriteSchedulerFile("/etc/kubernetes/scheduler.yaml", "{kind: Policy, apiVersion: v1}"), node, NodeLimits.Default);

        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(plan, NodeCommandJson.Default.NodePlan), NodeCommandJson.Default.NodePlan)!;

        Assert.Equal([new ReplaceFile("/etc/kubernetes/scheduler.yaml", "{kind: Policy, apiVersion: v1}", null), new RestartScheduler(ByKubelet: false)],
            back.Steps.Select(step => step.Action));
        Assert.Equal(plan.Steps.Select(step => step.CommandLine), back.Steps.Select(step => step.CommandLine));
        Assert.Equal(plan.Fingerprint, back.Fingerprint);
    }

    [Fact]
    public void Every_kind_of_command_has_a_word_of_its_own()
    {
        var words = NodeCommandJson.Default.NodeCommand.PolymorphismOptions!.DerivedTypes.Select(type => type.TypeDiscriminator).ToList();

        Assert.Equal(Commands.Length, words.Distinct().Count());
    }
}
