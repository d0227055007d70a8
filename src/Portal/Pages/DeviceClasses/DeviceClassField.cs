namespace Portal.Pages.DeviceClasses;

/// <summary>The keys of lvmd.yaml that the form has fields for.</summary>
internal static class DeviceClassField
{
    public const string Name = "name";
    public const string VolumeGroup = "volume-group";
    public const string Spare = "spare-gb";
    public const string Default = "default";
    public const string Type = "type";
    public const string ThinPool = "thin-pool.name";
    public const string Ratio = "thin-pool.overprovision-ratio";
    public const string Stripe = "stripe";
    public const string StripeSize = "stripe-size";
    public const string Options = "lvcreate-options";
}
