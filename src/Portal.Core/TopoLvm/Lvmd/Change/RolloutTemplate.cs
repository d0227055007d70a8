using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;

namespace Portal.Core.TopoLvm.Lvmd.Change;

// A pod of a new template is one that has read the new file: that is how each node's state is read off the cluster, also after the
// portal was killed. While one node is tried, the DaemonSet replaces no pod by itself (OnDelete); what it was before stands in an
// annotation, so that whoever resumes can put it back.

/// <summary>The DaemonSet's part of a rollout: its template's annotations and its update strategy.</summary>
internal sealed class RolloutTemplate(ObjectName daemonSet, string rollout)
{
    public const string RolloutAnnotation = "topolvm-portal/rollout";
    public const string ChecksumAnnotation = "checksum/config";
    private const string BeforeAnnotation = "topolvm-portal/rollout-before";

    /// <summary>The pod was made for this rollout.</summary>
    public bool IsOf(Pod pod) => pod.Metadata.Annotations.GetValueOrDefault(RolloutAnnotation) == rollout;

    /// <summary>Puts the new template in without any pod being replaced; nothing is done where that is so already.</summary>
    public async Task HoldAsync(StepRun step, string checksum, CancellationToken cancel)
    {
        var live = await GetAsync(step, cancel);
        if (AnnotationsOf(live)?[RolloutAnnotation]?.GetValue<string>() == rollout) return;
        var before = Remembered(live) ?? new JsonObject
        {
            ["strategy"] = live.Json["spec"]?["updateStrategy"]?.DeepClone() ?? new JsonObject { ["type"] = "RollingUpdate" },
            ["checksum"] = AnnotationsOf(live)?[ChecksumAnnotation]?.DeepClone(),
            ["rollout"] = AnnotationsOf(live)?[RolloutAnnotation]?.DeepClone(),
        };
        var onDelete = new JsonObject { ["type"] = "OnDelete", ["rollingUpdate"] = null };
        await PatchAsync(step, live, before.ToJsonString(), onDelete, JsonValue.Create(checksum), JsonValue.Create(rollout), cancel);
    }

    /// <summary>Lets the DaemonSet replace pods as it did before.</summary>
    public async Task ReleaseAsync(StepRun step, CancellationToken cancel)
    {
        var live = await GetAsync(step, cancel);
        if (Remembered(live) is not { } before) return;
        var annotations = AnnotationsOf(live);
        await PatchAsync(step, live, null, Strategy(before), annotations?[ChecksumAnnotation]?.DeepClone(), annotations?[RolloutAnnotation]?.DeepClone(), cancel);
    }

    /// <summary>Takes the new template out again. Pods that were not replaced are those of this template, and stay.</summary>
    public async Task PutBackAsync(StepRun step, CancellationToken cancel)
    {
        var live = await GetAsync(step, cancel);
        if (Remembered(live) is not { } before || AnnotationsOf(live)?[RolloutAnnotation]?.GetValue<string>() != rollout) return;
        await PatchAsync(step, live, null, Strategy(before), before["checksum"]?.DeepClone(), before["rollout"]?.DeepClone(), cancel);
    }

    private async Task PatchAsync(StepRun step, KubeObject live, string? remember, JsonObject strategy, JsonNode? checksum, JsonNode? rolloutOfPods, CancellationToken cancel)
    {
        var patch = new JsonObject
        {
            // Somebody's change in between must not be taken for what was there before.
            ["metadata"] = new JsonObject { ["resourceVersion"] = live.Metadata.ResourceVersion, ["annotations"] = new JsonObject { [BeforeAnnotation] = remember } },
            ["spec"] = new JsonObject
            {
                ["updateStrategy"] = strategy,
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ChecksumAnnotation] = checksum, [RolloutAnnotation] = rolloutOfPods } } },
            },
        };
        await step.Cluster.PatchAsync(DaemonSet.Kind, daemonSet, Patch.Merge(patch.ToJsonString()), WriteOptions.Default, cancel);
    }

    private static JsonObject Strategy(JsonObject before) => before["strategy"]?.DeepClone() as JsonObject ?? new JsonObject { ["type"] = "RollingUpdate" };

    private static JsonObject? Remembered(KubeObject live)
    {
        if (live.Metadata.Annotations.GetValueOrDefault(BeforeAnnotation) is not { } text) return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Somebody wrote it; without it the strategy that stands is taken for the right one.
            return null;
        }
    }

    private static JsonObject? AnnotationsOf(KubeObject live) => live.Json["spec"]?["template"]?["metadata"]?["annotations"] as JsonObject;

    private async Task<KubeObject> GetAsync(StepRun step, CancellationToken cancel)
    {
        var kind = step.Context.Cluster.Current.Api.Find(DaemonSet.Kind.ApiVersion, DaemonSet.Kind.Kind) ?? throw new OperationFailedException(OperationTexts.NoCluster);
        return await step.Context.Client.FindAsync(kind, daemonSet, cancel) ?? throw new OperationFailedException(ChangeTexts.NoGroup(daemonSet.Name, daemonSet.Namespace));
    }
}
