using System.Collections.Immutable;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd.Change;

// lvmd reads its file once, at its start. So a change is three things: the ConfigMap, one node that is restarted with it to show
// that lvmd comes up, and then the others. Where it does not come up, everything is put back before a second node is touched.

/// <summary>Saves an lvmd.yaml and restarts lvmd with it, one node first.</summary>
public sealed class DeviceClassOperation(LvmdChangeSpec spec) : Operation
{
    public const string KindName = "device-classes";

    /// <summary>What it works on, as do all changes to device classes.</summary>
    public const string Subject = "device-classes";

    public override string Kind => KindName;

    public override Message Title => ChangeTexts.Title(spec.Group);

    public override ImmutableArray<string> Subjects => [Subject];

    public RolloutTiming Timing { get; init; } = new();

    public static DeviceClassOperation FromJson(string json) => new(LvmdChangeSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var change = new ConfigChange(spec);
        var rollout = new LvmdRollout(spec, change, Timing);
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            new("check", ChangeTexts.StepCheck, (step, _) => change.CheckAsync(step)),
            new("save", ChangeTexts.StepSave, change.SaveAsync),
            new("canary", ChangeTexts.StepCanary, rollout.TryOneAsync),
            new("others", ChangeTexts.StepOthers, rollout.FollowAsync),
        ]);
    }
}

/// <summary>How long a restart of lvmd may take.</summary>
public sealed record RolloutTiming
{
    /// <summary>From the end of the old pod until lvmd and topolvm-node are ready again.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long it must stay ready: an lvmd that refuses its file ends within moments, and counts as ready until then.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);
}
