namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>Every cause that is known. What comes first brings the later ones about: the first that is found is the one to mend.</summary>
internal static class KnownCauses
{
    public static readonly ICause[] FromRootToConsequence =
    [
        // Nobody is there to act.
        new TopoLvmIncomplete(), new WrongGroup(), new WebhookCertificate(), new WebhookDown(), new ControllerDown(),
        // What was asked for cannot be.
        new StorageClassMissing(), new TwoDefaults(), new StorageClassUnnamed(), new QuotaExceeded(), new ClaimMissing(),
        // The node.
        new NodeGone(), new NodeOffline(), new ClaimProtected(), new FinalizerUnserved(), new UnmountUnserved(),
        new NodeNotEnabled(), new VolumeGroupMissing(), new LvmdFails(), new NodePluginFails(), new DriverNotRegistered(),
        // What it is made from.
        new SnapshotOfThick(), new SnapshotNotReady(), new SnapshotElsewhere(),
        // The way to a node.
        new PodBypassesScheduler(), new ExtenderNotAsked(), new ExtenderSilent(), new ThinPoolFull(), new DeviceClassRenamed(),
        new ImmediateBinding(), new VolumeElsewhere(), new NoNodeWithClass(), new ClassTooSmall(), new RoomElsewhere(), new CapacityNotPublished(),
        // Growing.
        new ExpansionNotAllowed(), new ExpansionTooLarge(), new ExpansionWaitsForPod(),
        // As intended, or at least known.
        new Retained(), new Leftover(), new WaitsForConsumer(),
    ];

    /// <summary>What was said, where none of the causes explains it: the first of these that finds anything.</summary>
    public static readonly ICause[] WhenNothingElse = [new LogicalVolumeRefused(), new Unexplained()];
}
