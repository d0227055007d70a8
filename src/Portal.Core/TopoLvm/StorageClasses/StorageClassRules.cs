using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.StorageClasses;

/// <summary>What stands against making or deleting a StorageClass, and the traps in one that stands.</summary>
public static partial class StorageClassRules
{
    private const int NamedClaims = 5;

    /// <summary>Why it cannot be made, or null.</summary>
    public static Message? WhyNotCreate(StorageClassChoice choice, ClusterSnapshot cluster)
    {
        if (choice.Name.Length == 0) return StorageClassTexts.NameMissing;
        if (choice.Name.Length > 253 || !Name().IsMatch(choice.Name)) return StorageClassTexts.BadName(choice.Name);
        if (cluster.StorageClasses.Items.ContainsKey(new(null, choice.Name))) return StorageClassTexts.Exists(choice.Name);
        var state = StorageState.From(cluster);
        return Offers(state, choice.DeviceClass) ? null
            : choice.DeviceClass.Length > 0 ? StorageClassTexts.NoSuchDeviceClass(choice.DeviceClass) : StorageClassTexts.NoDefaultDeviceClass;
    }

    /// <summary>Why it cannot be deleted, or null: claims that still wait for a volume of it.</summary>
    public static Message? WhyNotDelete(string name, ClusterSnapshot cluster)
    {
        var waiting = Claims(name, cluster).Where(claim => string.IsNullOrEmpty(claim.Spec.VolumeName)).Select(claim => claim.Metadata.ObjectName.ToString()).Order(StringComparer.Ordinal).ToArray();
        return waiting.Length == 0 ? null : StorageClassTexts.ClaimsWait(name, waiting.Length, string.Join(", ", waiting.Take(NamedClaims)));
    }

    /// <summary>Claims of the class.</summary>
    public static IEnumerable<PersistentVolumeClaim> Claims(string name, ClusterSnapshot cluster) =>
        cluster.Claims.Items.Values.Where(claim => claim.Spec.StorageClassName == name);

    /// <summary>What people come to regret in a StorageClass, with the remedy.</summary>
    public static ImmutableArray<Message> Traps(LocalStorageClass one, StorageState state, IEnumerable<StorageClass> all)
    {
        var traps = ImmutableArray.CreateBuilder<Message>();
        if (state.Installation is { } installed && installed.Names != one.Names) traps.Add(StorageClassTexts.WrongGroup(one.Name, one.Names.Group, installed.Names.Group));
        else if (!state.LvmdGroups.IsEmpty && !Offers(state, one.DeviceClass))
            traps.Add(one.DeviceClass.Length > 0 ? StorageClassTexts.NoSuchDeviceClass(one.DeviceClass) : StorageClassTexts.NoDefaultDeviceClass);
        if (one.IsImmediate) traps.Add(StorageClassTexts.Immediate);
        if (one.Retains) traps.Add(StorageClassTexts.Retain);
        if (!one.Object.AllowVolumeExpansion) traps.Add(StorageClassTexts.NoExpansion);
        var otherDefaults = all.Where(other => other.Metadata.Name != one.Name && LocalStorageClass.IsDefaultClass(other)).Select(other => other.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
        if (one.IsDefault && otherDefaults.Length > 0) traps.Add(StorageClassTexts.TwoDefaults(string.Join(", ", otherDefaults)));
        if (one.FileSystem == "btrfs" && state.LvmdGroups.Any(group => group.Version < Lvmd.LvmdVersions.OptionClasses)) traps.Add(StorageClassTexts.NoBtrfs);
        return traps.ToImmutable();
    }

    /// <summary>The traps of a class that is to be made.</summary>
    public static ImmutableArray<Message> Traps(StorageClassChoice choice, StorageState state, IEnumerable<StorageClass> all) =>
        Traps(new LocalStorageClass(Read(choice.ToObject()), new(choice.Group)), state, all);

    private static StorageClass Read(KubeObject document) => StorageClass.Kind.Read(System.Text.Encoding.UTF8.GetBytes(document.Json.ToJsonString()));

    private static bool Offers(StorageState state, string deviceClass) => state.LvmdGroups.Any(group => group.Config.Find(deviceClass) is not null);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Name();
}
