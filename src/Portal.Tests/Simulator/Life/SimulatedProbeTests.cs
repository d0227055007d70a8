using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Nodes.Agents;

namespace Portal.Tests.Simulator.Life;

/// <summary>A simulated node answers the programs of the real plans as lvm would.</summary>
public sealed class SimulatedProbeTests : IDisposable
{
    private const long Gibibyte = 1L << 30;

    private readonly SimulatedNode _node = new(new NodeScenario("edge-1")
    {
        Disks = [new("/dev/sda", 64 * Gibibyte), new("/dev/sdb", 100 * Gibibyte), new("/dev/sdc", 50 * Gibibyte)],
    });

    private readonly SimulatedProbe _probe;
    private readonly List<string> _said = [];

    public SimulatedProbeTests() => _probe = new(_node, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_are_made_extended_reduced_and_removed_by_the_programs_of_their_plans()
    {
        await DoAsync(new CreateVolumeGroup("data", ["/dev/sdb"], []));
        Assert.Equal((100 * Gibibyte) - (4 << 20), (await ReadAsync()).FindVolumeGroup("data")!.FreeBytes);

        await DoAsync(new ExtendVolumeGroup("data", ["/dev/sdc"], []));
        Assert.Equal(2, (await ReadAsync()).FindVolumeGroup("data")!.PhysicalVolumes);

        await DoAsync(new RemovePhysicalVolume("data", "/dev/sdb"));
        Assert.Equal("/dev/sdc", Assert.Single((await ReadAsync()).PhysicalVolumes, volume => volume.VolumeGroup == "data").Device);

        await DoAsync(new RemoveVolumeGroup("data"));
        Assert.Empty((await ReadAsync()).VolumeGroups);
        Assert.All((await ReadAsync()).Devices, device => Assert.NotEqual("LVM2_member", device.Signature));
    }

    [Fact]
    public async Task Volumes_lie_on_the_disks_of_their_group()
    {
        await DoAsync(new CreateVolumeGroup("data", ["/dev/sdb", "/dev/sdc"], []));
        _node.Change(state => state with { Storage = state.Storage.WithVolume("data", "one", 60 * Gibibyte).WithVolume("data", "two", 60 * Gibibyte) });

        var inventory = await ReadAsync();

        Assert.Equal(["/dev/sdb", "/dev/sdc"], inventory.LogicalVolumes.Single(volume => volume.Name == "two").Devices);
        var free = inventory.PhysicalVolumes.Sum(volume => volume.FreeBytes);
        Assert.Equal(inventory.FindVolumeGroup("data")!.FreeBytes, free);
        Assert.Equal(inventory.LogicalVolumes.Select(volume => volume.DeviceNumber), inventory.Devices.Where(device => device.Kind == "lvm").Select(device => (string?)device.Number));
    }

    [Fact]
    public async Task The_disk_that_carries_the_system_is_refused()
    {
        var plan = NodePlanner.Plan(new CreateVolumeGroup("data", ["/dev/sda"], []), await ReadAsync(), NodeLimits.Default);

        Assert.True(plan.IsRefused);
    }

    [Fact]
    public async Task A_program_that_fails_says_why_and_changes_nothing()
    {
        await DoAsync(new CreateVolumeGroup("data", ["/dev/sdb"], []));
        var before = _node.State.Current;

        Assert.Equal(5, await _probe.RunAsync(["vgcreate", "data", "/dev/sdc"], _said.Add, Cancel));

        Assert.Equal("  A volume group called data already exists.", _said[^1]);
        Assert.Same(before, _node.State.Current);
    }

    [Fact]
    public async Task Counters_only_grow()
    {
        var earlier = await _probe.ReadSampleAsync(Cancel);
        var later = await _probe.ReadSampleAsync(Cancel);

        Assert.All(earlier.Devices.Zip(later.Devices), pair => Assert.True(pair.Second.Reads >= pair.First.Reads && pair.Second.WrittenBytes >= pair.First.WrittenBytes));
    }

    [Fact]
    public async Task A_new_disk_is_noticed()
    {
        var noticed = _probe.ChangedAsync(Cancel);
        _node.Change(state => state with { Storage = state.Storage with { Disks = state.Storage.Disks.Add(new("/dev/sdd", Gibibyte)) } });

        await noticed;
        Assert.NotNull((await ReadAsync()).FindDevice("/dev/sdd"));
    }

    public void Dispose() => _probe.Dispose();

    private Task<NodeInventory> ReadAsync() => _probe.ReadInventoryAsync(forPlanning: true, Cancel);

    private async Task DoAsync(NodeCommand command)
    {
        var plan = NodePlanner.Plan(command, await ReadAsync(), NodeLimits.Default);
        Assert.Equal(ImmutableArray<string>.Empty, [.. plan.Refusals.Select(why => why.English)]);
        foreach (var step in plan.Steps)
            Assert.True(await _probe.RunAsync(step.Words, _said.Add, Cancel) == 0, step.CommandLine + ": " + string.Join('\n', _said));
    }
}
