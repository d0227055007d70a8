using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>What the cluster has to say about a file: volume groups on the nodes, classes in use, what changes for those.</summary>
internal sealed class LvmdClusterRules(LvmdConfig config, LvmdRuleFacts facts)
{
    // The default reserve on a volume group up to this size is worth a thought.
    private const long SmallVolumeGroup = 40L << 30;

    // As many users of a class are named as a person reads.
    private const int NamedUses = 10;

    public static IEnumerable<LvmdProblem> Check(LvmdConfig config, LvmdRuleFacts facts)
    {
        var rules = new LvmdClusterRules(config, facts);
        return [.. Enumerable.Range(0, config.DeviceClasses.Length).SelectMany(rules.OfClass), .. rules.OfMissingClasses(), .. rules.OfDefault(), .. rules.OfSocket()];
    }

    private IEnumerable<LvmdProblem> OfClass(int index)
    {
        var one = config.DeviceClasses[index];
        if (one.VolumeGroup.Length == 0) yield break;
        var missing = facts.Nodes.Where(node => node.IsComplete && !node.VolumeGroups.ContainsKey(one.VolumeGroup)).Select(node => node.Name).ToArray();
        if (missing.Length > 0) yield return new(one.PlaceOf("volume-group"), LvmdTexts.VolumeGroupAbsent(one.VolumeGroup, Listed(missing)), LvmdSeverity.Refused, index, "volume-group");
        // What the file has said before is no news about a node that cannot be asked now.
        var isNew = facts.Before?.DeviceClasses.Any(old => old.VolumeGroup == one.VolumeGroup) != true;
        var unknown = facts.Nodes.Where(node => !node.IsComplete && !node.VolumeGroups.ContainsKey(one.VolumeGroup)).Select(node => node.Name).ToArray();
        if (isNew && unknown.Length > 0) yield return new(one.PlaceOf("volume-group"), LvmdTexts.VolumeGroupUnknown(one.VolumeGroup, Listed(unknown)), LvmdSeverity.Warning, index, "volume-group");
        if (OfSpare(one, index) is { } spare) yield return spare;
        if (facts.Before?.DeviceClasses.FirstOrDefault(old => old.Name == one.Name) is { } before && WhereItIs(before) != WhereItIs(one) && Volumes(before) is { Length: > 0 } uses)
        {
            var key = before.VolumeGroup != one.VolumeGroup ? "volume-group" : "type";
            yield return new(one.PlaceOf(key), LvmdTexts.VolumesElsewhere(one.Name, WhereItIs(before), Listed(uses)), LvmdSeverity.Refused, index, key);
        }
    }

    private LvmdProblem? OfSpare(DeviceClassConfig one, int index)
    {
        var known = facts.Nodes.Where(node => node.VolumeGroups.GetValueOrDefault(one.VolumeGroup)?.SizeBytes is not null)
            .Select(node => (node.Name, Size: node.VolumeGroups[one.VolumeGroup].SizeBytes!.Value)).OrderBy(node => node.Size).ToArray();
        if (one.IsThin || one.SpareBytes == 0 || known.Length == 0) return null;
        var (node, size) = known[0];
        if (one.SpareBytes >= size)
        {
            // A file that says so already must still be open to other changes.
            var isNew = facts.Before?.DeviceClasses.FirstOrDefault(old => old.Name == one.Name) is not { } old || old.SpareBytes != one.SpareBytes || old.VolumeGroup != one.VolumeGroup;
            return new(one.PlaceOf("spare-gb"), LvmdTexts.SpareTakesAll(one.Name, ByteText.Format(one.SpareBytes), one.VolumeGroup, node, ByteText.Format(size)),
                isNew ? LvmdSeverity.Refused : LvmdSeverity.Warning, index, "spare-gb");
        }
        return one.SpareGb is null && size <= SmallVolumeGroup
            ? new(one.Place, LvmdTexts.DefaultSpareLarge(one.Name, one.VolumeGroup, node, ByteText.Format(size)), LvmdSeverity.Warning, index, "spare-gb")
            : null;
    }

    private IEnumerable<LvmdProblem> OfMissingClasses() =>
        from gone in facts.Before?.DeviceClasses ?? []
        where gone.Name.Length > 0 && config.DeviceClasses.All(one => one.Name != gone.Name)
        let uses = facts.Uses.Where(use => use.DeviceClass == gone.Name).ToArray()
        where uses.Length > 0
        select new LvmdProblem(config.Keys.GetValueOrDefault("device-classes") ?? LvmdPlace.Beginning, LvmdTexts.ClassInUse(gone.Name, Listed(uses)), Key: "device-classes");

    // A volume of the default class keeps no name, and is looked for in whichever class is the default.
    private IEnumerable<LvmdProblem> OfDefault()
    {
        if (facts.Before?.Default is not { } before || (config.Default is { } now && WhereItIs(now) == WhereItIs(before))) yield break;
        // A class of the same name in another place has been told of already.
        if (config.Default?.Name == before.Name) yield break;
        var uses = facts.Uses.Where(use => use.DeviceClass.Length == 0 && use.User == DeviceClassUser.Volume).ToArray();
        if (uses.Length == 0) yield break;
        var place = config.Default?.PlaceOf("default") ?? config.Keys.GetValueOrDefault("device-classes") ?? LvmdPlace.Beginning;
        yield return new(place, LvmdTexts.DefaultInUse(before.Name, Listed(uses)), LvmdSeverity.Refused, config.Default is null ? null : config.DeviceClasses.IndexOf(config.Default), "default");
    }

    private IEnumerable<LvmdProblem> OfSocket()
    {
        if (facts.Before is null) yield break;
        var (before, now) = (facts.Before.SocketName ?? LvmdConfig.DefaultSocket, config.SocketName ?? LvmdConfig.DefaultSocket);
        if (before != now) yield return new(config.Keys.GetValueOrDefault("socket-name") ?? LvmdPlace.Beginning, LvmdTexts.SocketMoved(before), LvmdSeverity.Warning, null, "socket-name");
    }

    private DeviceClassUse[] Volumes(DeviceClassConfig one) =>
        [.. facts.Uses.Where(use => use.User == DeviceClassUser.Volume && (use.DeviceClass == one.Name || (use.DeviceClass.Length == 0 && one.IsDefault)))];

    private static string WhereItIs(DeviceClassConfig one) => one.IsThin ? one.VolumeGroup + "/" + one.ThinPool?.Name : one.VolumeGroup;

    private static Message Listed(DeviceClassUse[] uses)
    {
        var named = string.Join(", ", uses.OrderBy(use => use.User).ThenBy(use => use.Name, StringComparer.Ordinal).Take(NamedUses)
            .Select(use => use.User == DeviceClassUser.StorageClass ? "StorageClass " + use.Name : use.Name));
        return uses.Length > NamedUses ? LvmdTexts.AndMore(named, uses.Length - NamedUses) : Message.Verbatim(named);
    }

    private static Message Listed(string[] nodes)
    {
        var named = string.Join(", ", nodes.Take(NamedUses));
        return nodes.Length > NamedUses ? LvmdTexts.AndMore(named, nodes.Length - NamedUses) : Message.Verbatim(named);
    }
}
