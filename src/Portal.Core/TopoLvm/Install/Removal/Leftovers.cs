using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>Looks for anything of TopoLVM after a removal.</summary>
public static class Leftovers
{
    /// <summary>One sentence per thing that should have gone; empty means clean. What a removal keeps by choice (CRD, volumes, node labels) does not count.</summary>
    public static async Task<ImmutableArray<Message>> FindAsync(KubeClient client, RemovalSpec spec, CancellationToken cancel)
    {
        var api = await client.DiscoverAsync(cancel);
        var names = spec.Names();
        var stages = Enum.GetValues<RemovalStage>().Where(stage => stage != RemovalStage.Definition || spec.DeleteData).ToArray();
        var objects = await new InstalledObjects(client, api, spec).FindAsync(cancel, stages);
        var nodes = (await client.ListAllAsync(Node.Kind, ListQuery.All, cancel)).Items;
        var claims = (await client.ListAllAsync(PersistentVolumeClaim.Kind, ListQuery.All, cancel)).Items;
        var namespaces = (await client.ListAllAsync(Namespace.Kind, ListQuery.All, cancel)).Items;
        return
        [
            .. objects.Select(found => RemovalTexts.LeftoverObject(found.Name)),
            .. nodes.Where(node => MarkRemoval.OfNode(node, names, spec.RemoveNodeLabels ? spec.NodeLabel : null) is not null).Select(node => RemovalTexts.LeftoverNode(node.Metadata.Name)),
            .. claims.Where(claim => claim.Metadata.Finalizers.Contains(names.ClaimFinalizer)).Select(claim => RemovalTexts.LeftoverClaim(claim.Metadata.ObjectName)),
            .. namespaces.Where(ns => ns.Metadata.Labels.ContainsKey(names.WebhookLabel)).Select(ns => RemovalTexts.LeftoverNamespaceLabel(ns.Metadata.Name, names.WebhookLabel)),
        ];
    }
}
