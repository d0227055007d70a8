using System.Collections.Immutable;
using Portal.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;

namespace Portal.Pages.Install;

/// <summary>What an install would meet in this cluster, as of one moment.</summary>
public sealed record InstallReview(InstallSpec Spec, ClusterFacts Facts, InstallPlan Plan, ImmutableArray<PreflightCheck> Checks)
{
    /// <summary>The first reason not to install; null when there is none.</summary>
    public PreflightCheck? Blocker => Blockers.FirstOrDefault();

    public IEnumerable<PreflightCheck> Blockers => Checks.Where(check => check.State == CheckState.Blocker);

    /// <summary>Every object as YAML.</summary>
    public string ToYaml() => InstallPreview.Download(Plan, Facts.Api);
}

/// <summary>Looks at the cluster before an install, for the page; changes nothing. What stands in the way is in the log, too.</summary>
public sealed partial class InstallReviewer(ClusterSession session, NodeLabel nodeLabel, ILogger<InstallReviewer> logger)
{
    /// <summary>The first choice: the profile that is made for the cluster's version, else the first, on the nodes with this portal's label.</summary>
    public InstallSpec Suggest(ApiResources api)
    {
        var profile = InstallProfile.BuiltIn.FirstOrDefault(profile => profile.Kubernetes.Holds(api.Version)) ?? InstallProfile.BuiltIn[0];
        return InstallSpec.For(profile, api) with { NodeLabelKey = nodeLabel.Key, NodeLabelValue = nodeLabel.Value };
    }

    /// <exception cref="OperationFailedException">There is no connection, or the cluster does not let itself be looked at.</exception>
    public async Task<InstallReview> ReviewAsync(InstallSpec spec, CancellationToken cancel)
    {
        try
        {
            var context = session.Context;
            var facts = await FactGathering.GatherAsync(context.Client, spec, context.Time, cancel);
            var plan = InstallPlan.For(spec, facts);
            var review = new InstallReview(spec, facts, plan, await Preflight.CheckAsync(context.Client, plan, facts, cancel));
            foreach (var blocker in review.Blockers) LogBlocked(blocker.WithRemedy.English);
            return review;
        }
        catch (Exception refused) when (KubeProblem.IsOfCluster(refused))
        {
            var problem = KubeProblem.Explain(refused);
            LogUnchecked(problem.English);
            throw new OperationFailedException(problem);
        }
    }

    /// <summary>What the install would do to each object, asked of the server with a dry run.</summary>
    public Task<ImmutableArray<ObjectPreview>> PreviewAsync(InstallReview review, CancellationToken cancel) =>
        InstallPreview.MakeAsync(session.Context.Client, review.Plan, review.Facts, cancel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TopoLVM cannot be installed: {Problem}")]
    private partial void LogBlocked(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster could not be checked before an install: {Problem}")]
    private partial void LogUnchecked(string problem);
}
