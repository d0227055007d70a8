using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>The steps of a removal that take away TopoLVM itself. Each looks for what is left and does nothing where nothing is.</summary>
internal sealed class RemovalRun(RemovalSpec spec, ApiResources api, TimeSpan goneWithin)
{
    private readonly TopoLvmNames _names = spec.Names();

    public async Task DeleteAsync(RemovalStage stage, StepRun step, CancellationToken cancel)
    {
        var found = await new InstalledObjects(step.Context.Client, api, spec).FindAsync(cancel, stage);
        foreach (var (index, installed) in found.Index())
        {
            step.Report(RemovalTexts.ReportDeleting(installed.Name, index + 1, found.Length));
            await DeleteAsync(installed, step, cancel);
        }
    }

    /// <summary>Waits for TopoLVM's pods to stop, because they would write their marks on the nodes again. A pod on an offline node cannot
    /// report that it stopped; it is taken out of the API, and its kubelet stops it when the node is back.</summary>
    public async Task PodsAsync(StepRun step, CancellationToken cancel)
    {
        var kind = api.Find("v1", "Pod")!;
        var nodes = (await step.Context.Client.ListAllAsync(Node.Kind, ListQuery.All, cancel)).Items.ToDictionary(node => node.Metadata.Name);
        var pods = (await step.Context.Client.ListAllAsync(Pod.Kind, new ListQuery { Namespace = spec.Namespace }, cancel)).Items;
        foreach (var pod in pods.Where(pod => IsTopoLvm(pod) && pod.Spec.NodeName is { } node && nodes.GetValueOrDefault(node) is not { IsReady: true }))
            await step.Cluster.DeleteAsync(kind, pod.Metadata.ObjectName, new() { GracePeriodSeconds = 0, Uid = pod.Metadata.Uid }, cancel);
        await step.WaitUntilAsync(cluster => cluster.Pods.Items.Values.FirstOrDefault(pod => pod.Metadata.Namespace == spec.Namespace && IsTopoLvm(pod)) is { } left
            ? RemovalTexts.WaitPod(left.Metadata.ObjectName, left.Spec.NodeName ?? "") : null, goneWithin, cancel);
    }

    public async Task DefinitionAsync(StepRun step, CancellationToken cancel)
    {
        await DeleteAsync(RemovalStage.Definition, step, cancel);
        await step.WaitUntilAsync(cluster => cluster.CustomResourceDefinitions.Items.ContainsKey(new(null, _names.CrdName))
            ? RemovalTexts.WaitDefinition(_names.CrdName) : null, goneWithin, cancel);
    }

    public async Task ClaimFinalizersAsync(StepRun step, CancellationToken cancel)
    {
        foreach (var claim in (await step.Context.Client.ListAllAsync(PersistentVolumeClaim.Kind, ListQuery.All, cancel)).Items)
            await ConditionalPatch.ApplyAsync(step, PersistentVolumeClaim.Kind, claim, found => MarkRemoval.OfFinalizers(found.Metadata, _names.ClaimFinalizer), cancel);
    }

    public async Task NodeMarksAsync(StepRun step, CancellationToken cancel)
    {
        foreach (var node in (await step.Context.Client.ListAllAsync(Node.Kind, ListQuery.All, cancel)).Items)
            await ConditionalPatch.ApplyAsync(step, Node.Kind, node, found => MarkRemoval.OfNode(found, _names, spec.RemoveNodeLabels ? spec.NodeLabel : null), cancel);
    }

    /// <summary>Takes the webhook label off the namespaces, and deletes TopoLVM's own namespace when it was made for it and nothing else is in it.</summary>
    public async Task NamespaceAsync(StepRun step, CancellationToken cancel)
    {
        var client = step.Context.Client;
        var own = await client.FindAsync(Namespace.Kind, new(null, spec.Namespace), cancel);
        if (own is not null && IsMadeForTopoLvm(own))
        {
            var foreign = own.Metadata.IsBeingDeleted ? [] : await NamespaceContents.ForeignAsync(client, api, spec.Namespace, cancel);
            if (foreign.IsEmpty) await DeleteNamespaceAsync(own, step, cancel);
            else step.Conclude(RemovalTexts.NamespaceKept(spec.Namespace, string.Join(", ", foreign.Take(3))));
        }
        foreach (var name in new[] { "kube-system", spec.Namespace })
        {
            if (await client.FindAsync(Namespace.Kind, new(null, name), cancel) is { } labelled)
                await ConditionalPatch.ApplyAsync(step, Namespace.Kind, labelled, found => MarkRemoval.OfNamespace(found, _names), cancel);
        }
    }

    public async Task LeftoversAsync(StepRun step, CancellationToken cancel)
    {
        var left = await Leftovers.FindAsync(step.Context.Client, spec, cancel);
        if (!left.IsEmpty) throw new OperationFailedException(RemovalTexts.LeftoversFound(left.Length, Sentences.Join(left.Take(5))));
        step.Conclude(RemovalTexts.LeftoversNone);
    }

    // edgeadm labels the namespace it makes, and only that; the portal signs its own.
    private bool IsMadeForTopoLvm(Namespace ns) => ns.Metadata.Labels.GetValueOrDefault(InstallPlan.ManagedByLabel) == KubeClient.FieldManager
        || (ns.Metadata.Name == InstallSpec.DefaultNamespace && ns.Metadata.Labels.GetValueOrDefault(_names.WebhookLabel) == "ignore");

    private async Task DeleteNamespaceAsync(Namespace ns, StepRun step, CancellationToken cancel)
    {
        if (!ns.Metadata.IsBeingDeleted) await step.Cluster.DeleteAsync(Namespace.Kind, ns.Metadata.ObjectName, new() { Uid = ns.Metadata.Uid }, cancel);
        await step.WaitUntilAsync(cluster => cluster.Namespaces.Items.ContainsKey(ns.Metadata.ObjectName) ? RemovalTexts.WaitNamespace(ns.Metadata.Name) : null, goneWithin, cancel);
    }

    private static async Task DeleteAsync(InstalledObject installed, StepRun step, CancellationToken cancel)
    {
        if (installed.Document.Metadata.IsBeingDeleted) return;
        var name = new ObjectName(installed.Document.Namespace, installed.Document.Name);
        try
        {
            await step.Cluster.DeleteAsync(installed.Kind, name, new() { Propagation = Propagation.Background, Uid = installed.Document.Metadata.Uid }, cancel);
        }
        catch (KubeException refusal)
        {
            throw new OperationFailedException(RemovalTexts.DeleteRefused(installed.Name, KubeProblem.Explain(refusal)));
        }
    }

    private static bool IsTopoLvm(Pod pod) => pod.Spec.Containers.Any(container => container.Name is "topolvm-controller" or "topolvm-scheduler" or "lvmd" or "topolvm-node");
}
