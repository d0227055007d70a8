using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.StorageClasses;

/// <summary>Deletes a StorageClass that no claim waits for; what is bound keeps working.</summary>
public sealed class DeleteStorageClassOperation(string name) : Operation
{
    public const string KindName = "delete-storage-class";

    public override string Kind => KindName;

    public override Message Title => StorageClassTexts.DeleteTitle(name);

    public override ImmutableArray<string> Subjects => ["storage-classes/" + name];

    public static DeleteStorageClassOperation FromJson(string json) => new(InstallJson.Read<string>(json));

    public override string ToJson() => InstallJson.Write(name);

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel) =>
        Task.FromResult<ImmutableArray<OperationStep>>([new("delete", StorageClassTexts.StepDelete, DeleteAsync)]);

    private async Task DeleteAsync(StepRun step, CancellationToken cancel)
    {
        if (StorageClassRules.WhyNotDelete(name, step.Context.Cluster.Current) is { } why) throw new OperationFailedException(why);
        if (await step.Context.Client.FindAsync(StorageClass.Kind, new(null, name), cancel) is { } standing)
            await step.Cluster.DeleteAsync(StorageClass.Kind, standing.Metadata.ObjectName, new DeleteOptions { Uid = standing.Metadata.Uid }, cancel);
        await step.WaitUntilAsync(cluster => cluster.StorageClasses.Items.ContainsKey(new(null, name)) ? StorageClassTexts.StillThere(name) : null, TimeSpan.FromMinutes(1), cancel);
    }
}
