using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Volumes;

// Each claim is asked for its new size under the condition that it still is the claim, and still asks for the size, that the
// person saw: what somebody else wrote meanwhile is never overwritten. Then each is followed until it has grown, or until it
// is known what it waits for; that one waits or fails does not keep the others from growing.

/// <summary>Expands volumes.</summary>
public sealed class ResizeVolumesOperation(ImmutableArray<ResizeWish> wishes) : Operation
{
    public const string KindName = "resize-volumes";

    private const int Attempts = 5;

    public override string Kind => KindName;

    public override Message Title => wishes is [var one] ? VolumeOperationTexts.ResizeTitle(one.ObjectName, one.To) : VolumeOperationTexts.ResizeManyTitle(wishes.Length);

    public override ImmutableArray<string> Subjects => [.. wishes.Select(wish => "volumes/" + wish.ObjectName)];

    /// <summary>How long the cluster may take to grow one volume.</summary>
    public TimeSpan GrownWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static ResizeVolumesOperation FromJson(string json) => new([.. InstallJson.Read<ResizeWish[]>(json)]);

    public override string ToJson() => InstallJson.Write(wishes.ToArray());

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var failedBefore = Check(context.Cluster.Current);
        var failures = new List<Message>();
        var ask = wishes.Select((wish, at) => new OperationStep($"ask-{at}", VolumeOperationTexts.StepAsk(wish.To, wish.ObjectName), (step, stop) => AskAsync(wish, step, stop)));
        var grow = wishes.Select((wish, at) => new OperationStep($"grow-{at}", VolumeOperationTexts.StepGrow(wish.ObjectName), async (step, stop) =>
        {
            if (await FollowAsync(wish, failedBefore.GetValueOrDefault(wish), step, stop) is { } failure) failures.Add(failure);
            if (at == wishes.Length - 1 && failures.Count > 0) throw new OperationFailedException(Sentences.Join(failures));
        }));
        return Task.FromResult<ImmutableArray<OperationStep>>([.. ask, .. grow]);
    }

    /// <summary>Refuses as a whole what cannot be done for one of them, before anything is written. What has been asked for already is done.</summary>
    /// <returns>When the latest failure of those that are yet to be asked for was said: it is not one of this expansion.</returns>
    private Dictionary<ResizeWish, DateTimeOffset?> Check(ClusterSnapshot cluster)
    {
        var open = wishes.Select(wish => (Wish: wish, Size: Quantity.Parse(wish.To), Volume: OneVolume.Find(cluster, wish.ObjectName)))
            .Where(each => each.Volume?.RequestText is not { } asked || Quantity.Parse(asked) != each.Size).ToArray();
        foreach (var (wish, size, volume) in open)
        {
            if (volume is null) throw new OperationFailedException(VolumeOperationTexts.ClaimGone(wish.ObjectName));
            if (volume.WhyNotResize(size) is { } problem) throw new OperationFailedException(problem);
        }
        if (Headroom.WhyNotTogether(open.Select(each => (each.Volume!, each.Size.Value))) is { } full) throw new OperationFailedException(full);
        return open.ToDictionary(each => each.Wish, each => ResizeProgress.LastFailureAt(each.Volume!));
    }

    private static async Task AskAsync(ResizeWish wish, StepRun step, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var claim = await step.Context.Client.FindAsync(PersistentVolumeClaim.Kind, wish.ObjectName, cancel);
            if (claim is null || claim.Metadata.Uid != wish.Uid) throw new OperationFailedException(VolumeOperationTexts.ClaimGone(wish.ObjectName));
            var asked = claim.Spec.Resources.Requests.GetValueOrDefault("storage", "0");
            if (Quantity.Parse(asked) == Quantity.Parse(wish.To)) return;
            if (Quantity.Parse(asked) != Quantity.Parse(wish.From)) throw new OperationFailedException(VolumeOperationTexts.AskedMeanwhile(wish.ObjectName, asked, wish.From));
            try
            {
                await step.Cluster.PatchAsync(PersistentVolumeClaim.Kind, wish.ObjectName, PatchFor(wish, asked), WriteOptions.Default, cancel);
                return;
            }
            // A test of the patch does not hold any more: the claim is looked at again.
            catch (KubeException changed) when (attempt < Attempts && (changed.IsConflict || IsFailedTest(changed)))
            {
                step.Report(VolumeOperationTexts.ReportAgain(wish.ObjectName));
            }
        }
    }

    // Kubernetes answers a failed test with 422 and no causes; a refusal of the new size names the field.
    private static bool IsFailedTest(KubeException refusal) => refusal.Status is { Code: 422, Details: null or { Causes.IsEmpty: true } };

    private static Patch PatchFor(ResizeWish wish, string asked) => Patch.Json(new JsonArray(
        new JsonObject { ["op"] = "test", ["path"] = "/metadata/uid", ["value"] = wish.Uid },
        new JsonObject { ["op"] = "test", ["path"] = "/spec/resources/requests/storage", ["value"] = asked },
        new JsonObject { ["op"] = "replace", ["path"] = "/spec/resources/requests/storage", ["value"] = wish.To }).ToJsonString());

    /// <summary>Null when the volume has grown or goes on by itself later; else why it stopped.</summary>
    private async Task<Message?> FollowAsync(ResizeWish wish, DateTimeOffset? failedBefore, StepRun step, CancellationToken cancel)
    {
        var size = Quantity.Parse(wish.To).Value;
        ResizeProgress? progress = null;
        var isGone = false;
        try
        {
            await step.WaitUntilAsync(cluster =>
            {
                var volume = OneVolume.Find(cluster, wish.ObjectName);
                isGone = volume is null || volume.Claim!.Metadata.Uid != wish.Uid;
                if (isGone) return null;
                if (volume!.RequestedBytes < size) return VolumeOperationTexts.WaitSeen(wish.ObjectName);
                progress = ResizeProgress.Of(volume, failedBefore);
                return progress is { Motion: ResizeMotion.Moving } ? progress.Text : null;
            }, GrownWithin, cancel);
        }
        catch (OperationFailedException late)
        {
            return VolumeOperationTexts.Late(wish.ObjectName, late.Problem);
        }
        if (isGone) return VolumeOperationTexts.ClaimGone(wish.ObjectName);
        step.Conclude(progress is null ? VolumeOperationTexts.Grown(wish.ObjectName, wish.To) : progress.Text);
        return progress is { Motion: ResizeMotion.Stopped } ? VolumeOperationTexts.Stopped(wish.ObjectName, progress.Text) : null;
    }
}
