using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.StorageClasses;

/// <summary>Makes a StorageClass.</summary>
public sealed class CreateStorageClassOperation(StorageClassChoice choice) : Operation
{
    public const string KindName = "create-storage-class";

    public override string Kind => KindName;

    public override Message Title => StorageClassTexts.CreateTitle(choice.Name);

    public override ImmutableArray<string> Subjects => ["storage-classes/" + choice.Name];

    public static CreateStorageClassOperation FromJson(string json) => new(StorageClassChoice.FromJson(json));

    public override string ToJson() => choice.ToJson();

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel) =>
        Task.FromResult<ImmutableArray<OperationStep>>([new("create", StorageClassTexts.StepCreate, CreateAsync)]);

    private async Task CreateAsync(StepRun step, CancellationToken cancel)
    {
        var kind = step.Context.Cluster.Current.Api.Find(StorageClass.Kind.ApiVersion, StorageClass.Kind.Kind) ?? throw new OperationFailedException(OperationTexts.NoCluster);
        var document = choice.ToObject();
        if (await step.Context.Client.FindAsync(StorageClass.Kind, new(null, choice.Name), cancel) is { } standing)
        {
            // Made before the portal ended, or by somebody else in the meantime.
            if (standing.Metadata.Labels.GetValueOrDefault(Install.InstallPlan.ManagedByLabel) == KubeClient.FieldManager && standing.Provisioner == choice.Group) return;
            throw new OperationFailedException(StorageClassTexts.Exists(choice.Name));
        }
        await step.Cluster.CreateAsync(kind, document, WriteOptions.Default, cancel);
        await step.WaitUntilAsync(cluster => cluster.StorageClasses.Items.ContainsKey(new(null, choice.Name)) ? null : StorageClassTexts.NotSeen(choice.Name), TimeSpan.FromMinutes(1), cancel);
    }
}
