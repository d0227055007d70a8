using System.Collections.Immutable;
using Portal.Agent.Loops;
using Portal.Agent.Node.Reading;
using Portal.Agent.Programs;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Node;

/// <summary>The real node: its kernel, its lvm, its files.</summary>
public sealed class LinuxNode : INodeProbe, IDisposable
{
    private readonly AgentOptions _options;
    private readonly ProgramRunner _runner;
    private readonly TimeProvider _time;
    private readonly LvmCli _lvm;
    private readonly LoopKeeper _loops;
    private readonly DeviceReader _devices;
    private readonly HostFiles _host;
    private readonly SchedulerReader _scheduler;
    private readonly NodeActions _actions;
    private readonly ChangeWatch _changes;
    private readonly MappedNames _mappedNames;
    private NodeInventory _latest = NodeInventory.Empty;

    public LinuxNode(AgentOptions options, TimeProvider time)
        : this(options, time, options.HostNamespace ? ProgramRunner.Inside(options.HostProcess) : ProgramRunner.Direct, "")
    {
    }

    /// <param name="root">Where the kernel's and the host's files lie: "" is this machine, a folder is a node that was recorded.</param>
    internal LinuxNode(AgentOptions options, TimeProvider time, ProgramRunner runner, string root)
    {
        (_options, _time, _runner) = (options, time, runner);
        var sysfs = new SysBlock(root);
        _lvm = new(_runner);
        _loops = new(options, new(options), _runner);
        _devices = new(_runner, sysfs);
        _mappedNames = new(root);
        _host = new(options, root);
        _scheduler = new(options.HostRoot);
        _actions = new(_loops, new(options.HostRoot), new(_scheduler, time));
        _changes = new(_host, time);
    }

    /// <summary>Attaches the loop devices that the agent keeps, then activates all volume groups: what a start of the node needs.</summary>
    /// <returns>What went wrong, a sentence each.</returns>
    public async Task<ImmutableArray<string>> BringUpAsync(CancellationToken cancel)
    {
        var problems = new Problems();
        var loops = await problems.CatchAsync(() => _loops.AttachAllAsync(cancel), []);
        if (_host.HasDeviceMapper()) await problems.CatchAsync(() => _runner.ReadAsync(["vgchange", "--activate", "y"], cancel), "");
        return [.. loops, .. problems.Said];
    }

    public async Task<NodeInventory> ReadInventoryAsync(bool forPlanning, CancellationToken cancel)
    {
        var problems = new Problems();
        var mounts = await problems.CatchAsync(() => _host.MountsAsync(cancel), []);
        var swaps = await problems.CatchAsync(() => _host.SwapsAsync(cancel), []);
        var devices = await problems.CatchAsync(() => _devices.ReadAsync(mounts, swaps, forPlanning, cancel), []);
        var lvm = await problems.CatchAsync(() => _lvm.ReadAsync(cancel), LvmReport.Empty);
        var inventory = new NodeInventory(_time.GetUtcNow())
        {
            BootId = await problems.CatchAsync(() => _host.LineAsync("/proc/sys/kernel/random/boot_id", cancel), ""),
            KernelVersion = await problems.CatchAsync(() => _host.LineAsync("/proc/sys/kernel/osrelease", cancel), ""),
            LvmVersion = await problems.CatchAsync(() => _lvm.VersionAsync(cancel), null),
            HasDeviceMapper = _host.HasDeviceMapper(),
            Devices = devices,
            VolumeGroups = lvm.VolumeGroups,
            PhysicalVolumes = lvm.PhysicalVolumes,
            LogicalVolumes = lvm.LogicalVolumes,
            LoopDevices = await problems.CatchAsync(() => LoopDevicesAsync(devices, cancel), []),
            FileSystems = _host.FileSystems(mounts),
            Limits = _options.Limits with { LoopDirectory = _options.LoopDirectory },
            Scheduler = await problems.CatchAsync(() => _scheduler.ReadAsync(cancel), null),
        };
        return _latest = inventory with { Problems = problems.Said };
    }

    public async Task<NodeSample> ReadSampleAsync(CancellationToken cancel)
    {
        var latest = _latest;
        var taken = _time.GetUtcNow();
        var counters = DiskStats.Parse(await _host.ReadAsync("/proc/diskstats", cancel));
        ImmutableArray<DeviceCounters> devices = [.. counters.Select(_mappedNames.Join)];
        return new(0, taken, latest.BootId, devices)
        {
            FileSystems = FileSystemsOf(latest, devices),
            ThinPools = [.. latest.LogicalVolumes.Where(volume => volume is { Layout: "thin-pool", DataPercent: not null })
                .Select(pool => new ThinPoolSample(pool.VolumeGroup, pool.Name, pool.DataPercent!.Value, pool.MetadataPercent ?? 0))],
        };
    }

    public Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel) =>
        LoopKeeper.IsAttaching(words) ? _loops.AttachAsync(words, said, cancel) : _runner.RunAsync(words, said, cancel);

    public async Task<string> ReadMetadataAsync(string volumeGroup, CancellationToken cancel)
    {
        var file = Path.Combine(_options.StateDirectory, "volume-groups", volumeGroup);
        Directory.CreateDirectory(Path.GetDirectoryName(_options.HostRoot + file)!);
        await _lvm.BackUpAsync(volumeGroup, file, cancel);
        return await File.ReadAllTextAsync(_options.HostRoot + file, cancel);
    }

    public Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel) => _actions.ActAsync(action, said, cancel);

    public Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel) => _actions.UndoAsync(action, said, cancel);

    public Task ChangedAsync(CancellationToken cancel) => _changes.WaitAsync(cancel);

    public void Dispose() => _changes.Dispose();

    private async Task<ImmutableArray<LoopDevice>> LoopDevicesAsync(ImmutableArray<BlockDevice> devices, CancellationToken cancel) =>
        await _loops.JoinAsync(LosetupReport.Parse(await _runner.ReadAsync(["losetup", .. LosetupReport.Arguments], cancel), devices), cancel);

    // Of volumes only: what else is mounted is the host's own. The number is the one of this moment: since the inventory was read, another volume may
    // have got the old one.
    private ImmutableArray<FileSystemSample> FileSystemsOf(NodeInventory inventory, ImmutableArray<DeviceCounters> devices)
    {
        var numbers = devices.Where(device => device.IsLvm).ToDictionary(device => device.MappedName!, device => device.Number);
        return
        [
            .. from volume in inventory.LogicalVolumes
               let number = numbers.GetValueOrDefault(new MappedName(volume.VolumeGroup, volume.Name, null).ToString())
               let place = number is null ? null : inventory.MountPointOf(volume)
               let use = place is null ? null : _host.Use(place)
               where use is not null
               select new FileSystemSample(number, use.SizeBytes, use.UsedBytes, use.Inodes, use.UsedInodes),
        ];
    }
}
