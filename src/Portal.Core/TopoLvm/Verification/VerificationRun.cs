using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Verification;

/// <summary>The steps of a verification.</summary>
internal sealed class VerificationRun(VerificationSpec spec, TimeSpan within)
{
    // What the file system keeps for itself, at most.
    private const double LeastShare = 0.8;

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    private static readonly KubeKind<KubeObject> Claims = Documents("persistentvolumeclaims", "PersistentVolumeClaim");
    private static readonly KubeKind<KubeObject> Pods = Documents("pods", "Pod");
    private static readonly string[] NoImage = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"];

    private StorageClass? _class;
    private TopoLvmNames _names = TopoLvmNames.Current;

    public Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        var cluster = step.Context.Cluster.Current;
        var storage = StorageState.From(cluster);
        if (storage.Installation is not { } installation) throw new OperationFailedException(VerificationTexts.NotInstalled);
        _names = installation.Names;
        _class = cluster.StorageClasses.Items.GetValueOrDefault(new(null, spec.StorageClass));
        if (_class?.Provisioner != _names.Provisioner) throw new OperationFailedException(VerificationTexts.NoClass(spec.StorageClass, _names.Provisioner));
        if (!cluster.Namespaces.Items.ContainsKey(new(null, spec.Namespace))) throw new OperationFailedException(VerificationTexts.NoNamespace(spec.Namespace));
        if (WhyNoRoom(storage) is { } full) throw new OperationFailedException(full);
        return Task.CompletedTask;
    }

    public async Task ClaimAsync(StepRun step, CancellationToken cancel)
    {
        await step.Cluster.CreateAsync(Claims, VerificationObjects.Claim(spec), WriteOptions.Default, cancel);
        if (_class?.VolumeBindingMode == "WaitForFirstConsumer")
        {
            step.Conclude(VerificationTexts.ReportWaitsForPod(spec.Claim()));
            return;
        }
        await step.WaitUntilAsync(cluster => cluster.Claims.Items.GetValueOrDefault(spec.Claim())?.Status.Phase == "Bound" ? null : WhyUnbound(cluster), within, cancel);
    }

    public async Task WriteAsync(StepRun step, CancellationToken cancel)
    {
        var end = await RunAsync(step, "write", VerificationObjects.Writer(spec, _names), pod => pod.Status.Phase is "Succeeded" or "Failed", cancel);
        Compare(end);
        step.Conclude(VerificationTexts.ReportWritten(end.Node, ByteText.Format(end.FileSystemBytes), spec.Checksum()));
        await RemoveAsync(step, "write", cancel);
    }

    public async Task ReadAsync(StepRun step, CancellationToken cancel)
    {
        var end = await RunAsync(step, "read", VerificationObjects.Reader(spec, _names), pod => pod.IsReady, cancel);
        Compare(end);
        step.Conclude(VerificationTexts.ReportRead(spec.Pod("read"), end.Node));
    }

    public async Task ExpandAsync(StepRun step, CancellationToken cancel)
    {
        if (_class is { AllowVolumeExpansion: false })
        {
            step.Conclude(VerificationTexts.ReportNoExpansion(spec.StorageClass));
            return;
        }
        var requests = new JsonObject { ["storage"] = Quantity.Of(spec.GrownBytes).ToString() };
        var patch = Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = requests } } }.ToJsonString());
        await step.Cluster.PatchAsync(PersistentVolumeClaim.Kind, spec.Claim(), patch, WriteOptions.Default, cancel);
        await step.WaitUntilAsync(cluster => CapacityIn(cluster) >= spec.GrownBytes ? null
            : VerificationTexts.WaitExpansion(spec.Claim(), ByteText.Format(spec.GrownBytes), WordsOn(cluster, spec.Claim())), within, cancel);
        step.Conclude(VerificationTexts.ReportExpanded(ByteText.Format(spec.GrownBytes)));
    }

    public async Task MeasureAsync(StepRun step, CancellationToken cancel)
    {
        var end = await RunAsync(step, "measure", VerificationObjects.Measurer(spec, _names), pod => pod.Status.Phase is "Succeeded" or "Failed", cancel);
        Compare(end);
        var expected = _class is { AllowVolumeExpansion: true } ? spec.GrownBytes : spec.SizeBytes;
        if (end.FileSystemBytes < expected * LeastShare)
            throw new OperationFailedException(VerificationTexts.TooSmall(ByteText.Format(end.FileSystemBytes), ByteText.Format(expected)));
        step.Conclude(VerificationTexts.ReportMeasured(ByteText.Format(end.FileSystemBytes), ByteText.Format(expected)));
    }

    /// <summary>Takes away what verifications have made, this one's and what earlier ones left, and waits until it is gone.</summary>
    public async Task CleanUpAsync(StepRun step, CancellationToken cancel)
    {
        // The snapshot may not show yet what is there: nothing is left when the server itself says so.
        for (var names = await DeleteAsync(step, cancel); names is not ({ IsEmpty: true }, { IsEmpty: true }); names = await DeleteAsync(step, cancel))
        {
            await GoneAsync(step, names, cancel);
            await Task.Delay(Settle, step.Context.Time, cancel);
        }
    }

    private async Task GoneAsync(StepRun step, (ImmutableArray<ObjectName> Pods, ImmutableArray<ObjectName> Claims) names, CancellationToken cancel)
    {
        await step.WaitUntilAsync(cluster =>
            names.Pods.FirstOrDefault(cluster.Pods.Items.ContainsKey) is { Name: not null } pod ? VerificationTexts.WaitPodGone(pod)
            : names.Claims.FirstOrDefault(cluster.Claims.Items.ContainsKey) is { Name: not null } claim ? VerificationTexts.WaitClaimGone(claim)
            : VolumesOf(cluster, names.Claims).FirstOrDefault(volume => volume.Spec.PersistentVolumeReclaimPolicy != "Retain") is { } volume ? VerificationTexts.WaitVolumeGone(volume.Metadata.Name) : null, within, cancel);
        if (VolumesOf(step.Context.Cluster.Current, names.Claims).FirstOrDefault() is { } kept) step.Conclude(VerificationTexts.ReportRetained(kept.Metadata.Name));
    }

    /// <summary>Asks for the deletion of every object that carries the label, and returns their names.</summary>
    public async Task<(ImmutableArray<ObjectName> Pods, ImmutableArray<ObjectName> Claims)> DeleteAsync(StepRun step, CancellationToken cancel)
    {
        var query = new ListQuery { Namespace = spec.Namespace, LabelSelector = VerificationObjects.Label };
        var pods = (await step.Context.Client.ListAllAsync(Pod.Kind, query, cancel)).Items;
        var claims = (await step.Context.Client.ListAllAsync(PersistentVolumeClaim.Kind, query, cancel)).Items;
        foreach (var pod in pods.Where(pod => !pod.Metadata.IsBeingDeleted)) await step.Cluster.DeleteAsync(Pod.Kind, pod.Metadata.ObjectName, new() { Uid = pod.Metadata.Uid }, cancel);
        foreach (var claim in claims.Where(claim => !claim.Metadata.IsBeingDeleted)) await step.Cluster.DeleteAsync(PersistentVolumeClaim.Kind, claim.Metadata.ObjectName, new() { Uid = claim.Metadata.Uid }, cancel);
        return ([.. pods.Select(pod => pod.Metadata.ObjectName)], [.. claims.Select(claim => claim.Metadata.ObjectName)]);
    }

    private Message? WhyNoRoom(StorageState storage)
    {
        var deviceClass = _class!.Parameters.GetValueOrDefault(_names.DeviceClassParameter) is { Length: > 0 } name ? name : TopoLvmNames.DefaultClass;
        var nodes = storage.Nodes.Where(node => node.IsReady && node.IsServing && (spec.Node is null || node.Name == spec.Node)).ToArray();
        if (nodes.Length == 0) return spec.Node is { } chosen ? VerificationTexts.NodeNotServing(chosen) : VerificationTexts.NoNodeServing;
        var best = nodes.SelectMany(node => node.Capacities.Where(one => one.DeviceClass == deviceClass).Select(one => (Node: node.Name, one.LargestClaimBytes))).OrderByDescending(one => one.LargestClaimBytes).FirstOrDefault();
        var needed = _class.AllowVolumeExpansion ? spec.GrownBytes : spec.SizeBytes;
        if (best.Node is null) return VerificationTexts.NoNodeWithClass(deviceClass);
        return best.LargestClaimBytes >= needed ? null : VerificationTexts.NoRoom(ByteText.Format(needed), best.Node, ByteText.Format(best.LargestClaimBytes));
    }

    /// <summary>Creates a pod, waits until it has done its part, and reads what it said.</summary>
    private async Task<PodEnd> RunAsync(StepRun step, string part, KubeObject document, Func<Pod, bool> isDone, CancellationToken cancel)
    {
        await step.Cluster.CreateAsync(Pods, document, WriteOptions.Default, cancel);
        await step.WaitUntilAsync(cluster =>
        {
            if (cluster.Pods.Items.GetValueOrDefault(spec.Pod(part)) is not { } pod) return VerificationTexts.WaitPod(spec.Pod(part), Message.Verbatim(""));
            if (isDone(pod)) return null;
            if (pod.Status.ContainerStatuses.Any(status => status.State.Waiting is { } waiting && NoImage.Contains(waiting.Reason)))
                throw new OperationFailedException(VerificationTexts.ImageMissing(spec.Image, pod.Spec.NodeName ?? "?", WordsOn(cluster, pod.Metadata.ObjectName)));
            return VerificationTexts.WaitPod(spec.Pod(part), PodTrouble.Of(pod) ?? Message.Verbatim(WordsOn(cluster, spec.Claim())));
        }, within, cancel);
        var node = step.Context.Cluster.Current.Pods.Items[spec.Pod(part)].Spec.NodeName ?? "?";
        var lines = new List<string>();
        await foreach (var line in step.Context.Client.LogAsync(spec.Pod(part), new(), cancel)) lines.Add(line);
        return new(part, node, lines);
    }

    private async Task RemoveAsync(StepRun step, string part, CancellationToken cancel)
    {
        await step.Cluster.DeleteAsync(Pod.Kind, spec.Pod(part), DeleteOptions.Default, cancel);
        await step.WaitUntilAsync(cluster => cluster.Pods.Items.ContainsKey(spec.Pod(part)) ? VerificationTexts.WaitPodGone(spec.Pod(part)) : null, within, cancel);
    }

    private void Compare(PodEnd end)
    {
        if (end.Checksum == spec.Checksum()) return;
        throw new OperationFailedException(end.Checksum.Length == 64
            ? VerificationTexts.OtherBytes(spec.Pod(end.Part), end.Checksum, spec.Checksum())
            : VerificationTexts.NoChecksum(spec.Pod(end.Part), end.Node, string.Join(" ", end.Lines)));
    }

    private long CapacityIn(ClusterSnapshot cluster) =>
        Quantity.TryParse(cluster.Claims.Items.GetValueOrDefault(spec.Claim())?.Status.Capacity.GetValueOrDefault("storage"), out var size) ? size.Value : 0;

    private Message WhyUnbound(ClusterSnapshot cluster) => VerificationTexts.WaitClaim(spec.Claim(), WordsOn(cluster, spec.Claim()));

    /// <summary>What was said last about an object, in the words of who said it.</summary>
    private static string WordsOn(ClusterSnapshot cluster, ObjectName name) =>
        cluster.ClaimEvents.Items.Values.Concat(cluster.PodWarnings.Items.Values).Where(said => said.About == name && said.Type == "Warning").MaxBy(said => said.At)?.Message ?? "";

    private static IEnumerable<PersistentVolume> VolumesOf(ClusterSnapshot cluster, ImmutableArray<ObjectName> claims) =>
        cluster.PersistentVolumes.Items.Values.Where(volume => volume.Spec.ClaimRef is { Namespace: { } ns, Name: { } name } && claims.Contains(new(ns, name)));

    private static KubeKind<KubeObject> Documents(string plural, string kind) => new("", "v1", plural, kind, true, KubeJson.Of<KubeObject>());

    /// <summary>What a pod of the verification said.</summary>
    private sealed record PodEnd(string Part, string Node, IReadOnlyList<string> Lines)
    {
        /// <summary>As sha256sum prints it, with what it names the input after it.</summary>
        public string Checksum => Lines.Count > 0 ? Lines[0].Split(' ')[0] : "";

        /// <summary>As df -P prints it: device, blocks of 1,024 bytes, and more.</summary>
        public long FileSystemBytes => Lines.Count > 1 && Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var blocks, ..]
            && long.TryParse(blocks, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count * 1024 : 0;
    }
}
