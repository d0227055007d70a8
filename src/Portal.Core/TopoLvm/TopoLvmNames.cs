namespace Portal.Core.TopoLvm;

/// <summary>The identity strings of one API group of TopoLVM: everything that carries the group in its name.</summary>
/// <param name="Group">"topolvm.cybozu.com" (up to 0.15, or legacy mode) or "topolvm.io".</param>
public sealed record TopoLvmNames(string Group)
{
    public static readonly TopoLvmNames Legacy = new("topolvm.cybozu.com");
    public static readonly TopoLvmNames Current = new("topolvm.io");

    /// <summary>Both groups; a cluster may carry leftovers of one while it runs the other.</summary>
    public static readonly TopoLvmNames[] All = [Legacy, Current];

    /// <summary>Name of the default device class in annotations.</summary>
    public const string DefaultClass = "00default";

    public string Provisioner => Group;
    public string CrdName => "logicalvolumes." + Group;

    /// <summary>Node annotation with the free bytes of a device class: this, followed by the class.</summary>
    public string CapacityAnnotationPrefix => "capacity." + Group + "/";

    public string CapacityResource => Group + "/capacity";
    public string TopologyLabel => "topology." + Group + "/node";
    public string DeviceClassParameter => Group + "/device-class";
    public string NodeFinalizer => Group + "/node";
    public string LogicalVolumeFinalizer => Group + "/logicalvolume";
    public string ClaimFinalizer => Group + "/pvc";

    /// <summary>Namespace label; value "ignore" keeps TopoLVM's webhooks away.</summary>
    public string WebhookLabel => Group + "/webhook";
}
