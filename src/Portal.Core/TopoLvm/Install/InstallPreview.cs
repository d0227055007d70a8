using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

public enum PreviewState
{
    Create,
    Change,
    Unchanged,

    /// <summary>It stands and is left exactly as it is.</summary>
    Kept,

    /// <summary>The server would not take it; <see cref="ObjectPreview.Note"/> says why.</summary>
    Refused,
}

/// <summary>What an install would do to one object.</summary>
/// <param name="Before">The object as it is, as YAML without what the server keeps for itself; null when there is none.</param>
/// <param name="After">The object as it would be; null when it is refused.</param>
/// <param name="Note">Why it is refused, or what is kept of others' changes; null when there is nothing to say.</param>
public sealed record ObjectPreview(LiveName Name, PreviewState State, string? Before, string? After, Message? Note);

/// <summary>Shows what an install would do, by asking the server with a dry run: nothing is changed.</summary>
public static class InstallPreview
{
    private static readonly string[] ServersOwn = ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"];

    /// <summary>One preview per object, in the order of the install.</summary>
    public static async Task<ImmutableArray<ObjectPreview>> MakeAsync(KubeClient client, InstallPlan plan, ClusterFacts facts, CancellationToken cancel)
    {
        var previews = new ObjectPreview[plan.Objects.Length];
        await Parallel.ForAsync(0, previews.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
            async (i, stop) => previews[i] = await OfAsync(client, plan, facts, plan.Objects[i], stop));
        var made = previews.ToImmutableArray();
        if (plan.CertificateSecret is not { } secret) return made;
        var state = facts.Certificate is null ? PreviewState.Create : PreviewState.Kept;
        return made.Insert(made.TakeWhile(preview => plan.Objects[made.IndexOf(preview)].Stage < InstallStage.Certificate).Count(),
            new(new("", "Secret", secret), state, null, null, InstallTexts.DownloadCertificate(secret)));
    }

    /// <summary>Every object as YAML, in the order of the install, for those who apply it by other means or keep a copy.</summary>
    public static string Download(InstallPlan plan, ApiResources api)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(InstallTexts.DownloadHeader(plan.Profile.TopoLvmVersion, plan.Spec.CustomName ?? plan.Profile.Id, api.Version)).Append('\n');
        if (plan.CertificateSecret is { } secret) text.Append("# ").Append(InstallTexts.DownloadCertificate(secret)).Append('\n');
        foreach (var planned in plan.Objects) text.Append("---\n").Append(YamlText.Write(planned.Document.Json));
        return text.ToString();
    }

    private static async Task<ObjectPreview> OfAsync(KubeClient client, InstallPlan plan, ClusterFacts facts, PlannedObject planned, CancellationToken cancel)
    {
        var live = facts.Find(planned.Name);
        var before = live is null ? null : Readable(live);
        if (ObjectApply.DocumentFor(planned, live) is not { } document) return new(planned.Name, PreviewState.Kept, before, before, null);
        try
        {
            var (result, kept) = await ObjectApply.SendAsync(planned, document, (kind, wanted, options, stop) => client.ApplyAsync(kind, wanted, options, stop), dryRun: true, cancel);
            var after = Readable(result);
            var state = before is null ? PreviewState.Create : before == after ? PreviewState.Unchanged : PreviewState.Change;
            return new(planned.Name, state, before, after, kept.IsEmpty ? null : InstallTexts.ReportConflict(planned.Name, string.Join(", ", kept)));
        }
        catch (KubeException missing) when (missing.IsNotFound && live is null && DependsOnAnother(plan, facts, planned))
        {
            return new(planned.Name, PreviewState.Create, null, YamlText.Write(document.Json), null);
        }
        catch (KubeException refusal)
        {
            return new(planned.Name, PreviewState.Refused, before, null, ObjectApply.Explain(planned, refusal));
        }
    }

    // Its namespace, or the role that a binding names, is itself only part of the plan: the server cannot judge it yet.
    private static bool DependsOnAnother(InstallPlan plan, ClusterFacts facts, PlannedObject planned) => plan.Objects.Any(other =>
        facts.Find(other.Name) is null && ((other.Stage == InstallStage.Namespace && other.Document.Name == planned.Document.Namespace)
            || (string?)planned.Document.Json["roleRef"]?["name"] == other.Document.Name));

    private static string Readable(KubeObject document)
    {
        var json = (JsonObject)document.Json.DeepClone();
        json.Remove("status");
        if (json["metadata"] is JsonObject metadata)
        {
            foreach (var own in ServersOwn) metadata.Remove(own);
        }
        return YamlText.Write(json);
    }
}
