using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Nodes.Setup;
using Portal.Tests.Core.Disks;
using Portal.Tests.Core.TopoLvm.Lvmd;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.TopoLvm.Nodes.Setup;

public sealed class DiskToStorageTests
{
    private const string TwoClasses = "device-classes:\n- name: ssd\n  volume-group: myvg1\n  default: true\n- name: hdd\n  volume-group: myvg2\n";

    private static readonly NodeInventory Disks = With(Disk("vda") with { MountPoints = ["/"] }, Disk("vdb"), Disk("vdc").Holding("ext4"));

    [Fact]
    public void On_a_node_with_a_free_disk_the_disk_comes_first_and_the_rest_says_what_it_waits_for() => Expect(
        Given(GivenLvmd.Yaml, Disks, "myvg1"),
        "Disk Open: Choose the disks that the volume group is to be made of.",
        "VolumeGroup Blocked: Choose a disk first.",
        "DeviceClass Done: Device class ssd of topolvm-lvmd hands out myvg1.",
        "Label Blocked: Make the volume group first: lvmd ends at its start when a volume group of its file is missing.",
        "Verification Blocked: The node has to publish its capacity first.");

    [Fact]
    public void A_disk_that_has_been_taken_since_it_was_chosen_is_not_gone_on_with() => Expect(
        Given(GivenLvmd.Yaml, Disks, "myvg1", "/dev/vdb", "/dev/vda", "/dev/gone"),
        "Disk Open: /dev/vda, /dev/gone is not free, or not there any more; choose another disk.",
        "VolumeGroup Blocked: Choose a disk first.");

    [Fact]
    public void A_disk_that_can_be_erased_can_be_chosen() => Expect(
        Given(GivenLvmd.Yaml, Disks, "fast", "/dev/vdc"),
        "Disk Done: Chosen: /dev/vdc (100 GiB).",
        "VolumeGroup Open: Create volume group fast from the chosen disks.",
        "DeviceClass Blocked: Make the volume group first: with a device class whose volume group is missing, lvmd does not start.",
        "Label Blocked: Add the device class first: lvmd comes with the label and reads its file then.");

    [Fact]
    public void Without_a_free_disk_a_loop_device_is_the_way() => Expect(
        Given(GivenLvmd.Yaml, With(Disk("vda") with { MountPoints = ["/"] }), "myvg1"),
        "Disk Open: No disk of edge-1 is free; why stands below under Disks. Attach a disk, or add a loop device for a trial.");

    [Fact]
    public void A_label_is_not_set_while_the_configuration_names_another_group_that_the_node_lacks() => Expect(
        Given(TwoClasses, Disks.WithPhysicalVolume("vdb", "myvg1"), "myvg1"),
        "Disk Done: myvg1 lies on /dev/vdb.",
        "VolumeGroup Done: myvg1 is there: 100 GiB free of 100 GiB.",
        "DeviceClass Done: Device class ssd of topolvm-lvmd hands out myvg1.",
        "Label Blocked: The configuration also names volume group myvg2, which edge-1 does not have: lvmd would end at its start. Create it, or take its device class out on the page Device classes.");

    [Fact]
    public void Once_the_group_is_there_the_label_is_what_is_to_do() => Expect(
        Given(GivenLvmd.Yaml, Disks.WithPhysicalVolume("vdb", "myvg1"), "myvg1"),
        "Disk Done: myvg1 lies on /dev/vdb.",
        "VolumeGroup Done: myvg1 is there: 100 GiB free of 100 GiB.",
        "DeviceClass Done: Device class ssd of topolvm-lvmd hands out myvg1.",
        "Label Open: Set label superedge.io/local.pv=topolvm: it brings lvmd and topolvm-node to the node.");

    [Fact]
    public void Without_an_agent_nothing_is_known_of_the_disks()
    {
        var setup = Given(GivenLvmd.Yaml, Disks, "myvg1") with { Agents = AgentsSnapshot.Empty };

        Expect(setup, "Disk Blocked: No agent runs on edge-1, so its disks are not known here. Deploy the agent on it.", "VolumeGroup Blocked: Choose a disk first.");
    }

    [Fact]
    public void An_agent_that_is_cut_off_makes_no_group()
    {
        var setup = Given(GivenLvmd.Yaml, Disks, "myvg1", "/dev/vdb");
        setup = setup with { Agents = Told(setup.Agent! with { OfflineSince = DateTimeOffset.UnixEpoch }) };

        Expect(setup, "Disk Done: Chosen: /dev/vdb (100 GiB).", "VolumeGroup Blocked: The agent of edge-1 is out of reach; wait until it is back.");
    }

    [Fact]
    public void A_group_that_the_other_nodes_of_the_configuration_lack_is_warned_of_before_it_is_made()
    {
        var setup = Given(GivenLvmd.Yaml, Disks, "fast", "/dev/vdb");
        var storage = StorageState.From(GivenLvmd.Cluster(GivenLvmd.Yaml, NotEnabled, GivenLvmd.Node("edge-2")));
        setup = setup with { Node = storage.FindNode("edge-1")!, Storage = storage, Agents = Told(setup.Agent!, Agent(Disks) with { Node = "edge-2" }) };

        Expect(
            setup, "Disk Done: Chosen: /dev/vdb (100 GiB).",
            "VolumeGroup Open: Create volume group fast from the chosen disks. But topolvm-lvmd serves edge-2 too, which do not have it: a device class for it would be refused. Rather take a name that topolvm-lvmd names already, or create fast there first.");
    }

    [Theory]
    [InlineData("", "myvg1")]
    [InlineData("other", "other")]
    public void What_is_proposed_is_a_group_that_is_there_and_else_the_one_that_the_configuration_waits_for(string present, string proposed)
    {
        var inventory = present.Length > 0 ? Disks.WithPhysicalVolume("vdb", present) : Disks;

        Assert.Equal(proposed, SetupChoice.UsualGroup(NodeWith(GivenLvmd.Yaml), inventory));
        Assert.Equal("myvg1", SetupChoice.NewGroup(NodeWith(GivenLvmd.Yaml), inventory));
        Assert.Equal("data", SetupChoice.NewGroup(NodeWith(GivenLvmd.Yaml), Disks.WithPhysicalVolume("vdb", "myvg1")));
    }

    [Fact]
    public void A_class_whose_group_another_node_of_the_configuration_lacks_is_refused_by_what_the_agents_tell()
    {
        var storage = StorageState.From(GivenLvmd.Cluster());
        var agents = Told(Agent(Disks.WithPhysicalVolume("vdb", "fast")), Agent(Disks) with { Node = "edge-2" });
        var edited = new LvmdDocument(GivenLvmd.Yaml).AddClass(new() { Name = "fast", VolumeGroup = "fast" })!;

        var problems = LvmdConfigRules.Check(edited.Reading, LvmdRuleFacts.For(storage.LvmdGroups.Single(), storage, agents, "edge-1"));

        Assert.Contains(problems, problem => problem is { Severity: LvmdSeverity.Refused, DeviceClass: 1 } && problem.Text.English.StartsWith("Volume group fast does not exist on edge-2:", StringComparison.Ordinal));
    }

    private static DiskToStorage Given(string yaml, NodeInventory inventory, string group, params string[] disks) =>
        new(NodeWith(yaml), Told(Agent(inventory)), StorageState.From(GivenLvmd.Cluster(yaml, NotEnabled)), new(group, [.. disks]), SetupVerification.None);

    private static Node NotEnabled => GivenLvmd.Node("edge-1", ("superedge.io/local.pv", "no"));

    private static StorageNode NodeWith(string yaml) => StorageState.From(GivenLvmd.Cluster(yaml, NotEnabled)).FindNode("edge-1")!;

    private static AgentsSnapshot Told(params NodeAgent[] agents) =>
        AgentsSnapshot.Empty with { Nodes = AgentsSnapshot.Empty.Nodes.AddRange(agents.Select(agent => KeyValuePair.Create(agent.Node, agent))) };

    private static NodeAgent Agent(NodeInventory inventory) => new("edge-1", "1", DateTimeOffset.UnixEpoch) { Inventory = inventory };

    private static void Expect(DiskToStorage setup, params string[] expected) =>
        Assert.Equal(expected, setup.Steps.Take(expected.Length).Select(step => $"{step.Part} {step.State}: {step.Text.English}"));
}
