using System.Diagnostics.CodeAnalysis;
using Portal.Alerts;
using Portal.Core;
using Portal.Core.Alerts;
using Portal.Core.Kubernetes;
using Portal.Core.Metrics;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Core.TopoLvm.Volumes.AutoExpand;
using Portal.Operations;

namespace Portal.AutoExpand;

/// <summary>Expands volumes whose policies want it, by the same operation as a person does, and writes down each time what came of it.</summary>
public sealed partial class AutoExpandWatch(
    Live<StorageState> storage, AlertFactsReader measured, AutoExpandPolicies policies, OperationRunner operations, TimeProvider time, ILogger<AutoExpandWatch> logger) : BackgroundService
{
    /// <summary>Who starts the operation, as Activity shows it.</summary>
    public const string Starter = "auto-expand";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Looks at every volume with a policy once.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        if (!storage.Current.IsComplete || policies.Live.Current is { Policies.IsEmpty: true, Latest.IsEmpty: true }) return;
        // Few of many volumes are above their threshold: only those are looked at closely.
        foreach (var volume in storage.Current.ClaimedVolumes)
        {
            // As it is by now, and not as it was for the volume before: a limit may have been lowered meanwhile.
            if (policies.Live.Current.Of(volume) is not { IsEnabled: true } policy)
            {
                policies.Forget(volume.Name.ToString());
                continue;
            }
            if (LevelOf(volume) is not { } level) continue;
            if (100 * level.Used / level.Size >= policy.Rules.ThresholdPercent) await LookAtAsync(volume.Name, policy, level, cancel);
            else policies.Forget(volume.Name.ToString());
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The loop of a background service: logged, and tried again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(Every, time, stoppingToken);
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    LogFailed(failed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private (double Used, double Size)? LevelOf(Volume volume)
    {
        var now = time.GetUtcNow();
        return AlertObjects.MeasuredAs(volume) is { } of && measured.Newest(new(of, Metric.UsedBytes), now) is { } used && measured.Newest(new(of, Metric.SizeBytes), now) is > 0 and var size
            ? (used, size) : null;
    }

    private async Task LookAtAsync(ObjectName of, AutoExpandPolicy policy, (double Used, double Size) level, CancellationToken cancel)
    {
        // As it is by now: what was started for the one before counts.
        if (storage.Current.ClaimedVolumes.FirstOrDefault(one => one.Name == of) is not { } volume) return;
        var name = of.ToString();
        var now = time.GetUtcNow();
        DateTimeOffset? last = policies.ExpandedAt.TryGetValue(name, out var at) ? at : null;
        var promised = AutoExpandDecision.Promised(storage.Current, volume) + InFlight(volume);
        var decision = AutoExpandDecision.For(volume, level.Used, level.Size, policy.Rules, last, promised, now);
        if (decision is { Size: null, Problem: null }) return;
        var from = volume.RequestText ?? "0";
        if (decision.Size is not { } wanted)
        {
            await policies.RecordAsync(policy.Id, new(name, now, from, null, decision.Problem, null), cancel);
            return;
        }
        try
        {
            var to = wanted.ToString();
            var id = await operations.StartAsync(new ResizeVolumesOperation([ResizeWish.Of(volume, wanted)]), Starter, cancel);
            await policies.RecordAsync(policy.Id, new(name, now, from, to, null, id), cancel);
            LogExpanded(name, from, to);
        }
        catch (OperationFailedException refused)
        {
            await policies.RecordAsync(policy.Id, new(name, now, from, null, refused.Problem, null), cancel);
        }
    }

    /// <summary>What expansions of the same node and class will take that were started and are not yet seen in the cluster.</summary>
    private long InFlight(Volume volume) => storage.Current.ClaimedVolumes
        .Where(other => other.Name != volume.Name && other.Node == volume.Node && other.DeviceClass == volume.DeviceClass)
        .Select(other => (Other: other, Latest: policies.Live.Current.Latest.GetValueOrDefault(other.Name.ToString())))
        .Where(one => one.Latest is { To: not null, OperationId: { } id } && operations.Live.Current.Find(id) is { State: OperationState.Running })
        .Sum(one => Math.Max(0, Quantity.Parse(one.Latest!.To!).Value - Math.Max(one.Other.RequestedBytes ?? 0, one.Other.LogicalVolumeBytes ?? 0)));

    [LoggerMessage(Level = LogLevel.Information, Message = "Volume {Volume} is expanded by its policy from {From} to {To}")]
    private partial void LogExpanded(string volume, string from, string to);

    [LoggerMessage(Level = LogLevel.Error, Message = "Policies of expansion could not be looked at; they are looked at again in half a minute")]
    private partial void LogFailed(Exception failed);
}
