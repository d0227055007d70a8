using System.Collections.Immutable;
using Portal.Agent.Node;
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
    public async Task A_loop_device_is_made_grown_below_its_group_lost_and_removed()
    {
        await DoAsync(new CreateLoopDevice("disk1.img", 10 * Gibibyte));
        var file = Assert.Single((await ReadAsync()).LoopDevices);
        Assert.Equal(("/dev/loop0", true, 10 * Gibibyte), (file.Path, file.IsManaged, file.SizeBytes));
        await DoAsync(new CreateVolumeGroup("data", ["/dev/loop0"], []));

        await DoAsync(new GrowLoopDevice(file.FilePath, 20 * Gibibyte));
        Assert.Equal((20 * Gibibyte) - SimulatedVolumeGroup.ExtentBytes, (await ReadAsync()).FindVolumeGroup("data")!.SizeBytes);
        Assert.Equal(20 * Gibibyte, (await ReadAsync()).FindDevice("/dev/loop0")!.SizeBytes);

        Assert.True(NodePlanner.Plan(new RemoveLoopDevice(file.FilePath), await ReadAsync(), NodeLimits.Default).IsRefused);
        await DoAsync(new RemoveVolumeGroup("data"));
        await DoAsync(new RemoveLoopDevice(file.FilePath));
        Assert.Empty((await ReadAsync()).LoopDevices);
        Assert.Null((await ReadAsync()).FindDevice("/dev/loop0"));
    }

    [Fact]
    public async Task The_files_of_loop_devices_take_the_hosts_room()
    {
        var before = (await ReadAsync()).FileSystems[0].AvailableBytes;

        await DoAsync(new CreateLoopDevice("disk1.img", 10 * Gibibyte));

        Assert.Equal(before - (10 * Gibibyte), (await ReadAsync()).FileSystems[0].AvailableBytes);
        Assert.True(NodePlanner.Plan(new CreateLoopDevice("disk2.img", 100 * Gibibyte), await ReadAsync(), NodeLimits.Default).IsRefused);
    }

    [Fact]
    public async Task A_policy_that_kube_scheduler_refuses_is_put_back()
    {
        const string Path = "/etc/kubernetes/kube-scheduler/kube-scheduler-policy.cfg";
        const string Before = "{ \"kind\": \"Policy\", \"apiVersion\": \"v1\" }";
        _node.Change(state => state with
        {
            Scheduler = new(["--policy-config-file=" + Path]) { Files = ImmutableSortedDictionary<string, string>.Empty.Add(Path, Before), Refuses = "nonsense" },
        });
        await DoAsync(new WriteSchedulerFile(Path, Before + "\n"));
        Assert.Equal((Before + "\n", 2), (Scheduler.Files[Path], Scheduler.Starts));
        var plan = NodePlanner.Plan(new WriteSchedulerFile(Path, "{ \"kind\": \"Policy\", \"apiVersion\": \"v1\", \"nonsense\": 1 }"), await ReadAsync(), NodeLimits.Default);

        await _probe.ActAsync(plan.Steps[0].Action!, _said.Add, Cancel);
        await Assert.ThrowsAsync<NodeActionException>(() => _probe.ActAsync(plan.Steps[1].Action!, _said.Add, Cancel));
        await _probe.UndoAsync(plan.Steps[0].Action!, _said.Add, Cancel);
        await _probe.UndoAsync(plan.Steps[1].Action!, _said.Add, Cancel);

        Assert.Equal((Before + "\n", 3), (Scheduler.Files[Path], Scheduler.Starts));
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

    private SimulatedKubeScheduler Scheduler => _node.State.Current.Scheduler!;

    private Task<NodeInventory> ReadAsync() => _probe.ReadInventoryAsync(forPlanning: true, Cancel);

    private async Task DoAsync(NodeCommand command)
    {
        var plan = NodePlanner.Plan(command, await ReadAsync(), NodeLimits.Default);
        Assert.Equal(ImmutableArray<string>.Empty, [.. plan.Refusals.Select(why => why.English)]);
        foreach (var step in plan.Steps)
        {
            if (step.Action is { } action) await _probe.ActAsync(action, _said.Add, Cancel);
            else Assert.True(await _probe.RunAsync(step.Words, _said.Add, Cancel) == 0, step.CommandLine + ": " + string.Join('\n', _said));
        }
    }
}
