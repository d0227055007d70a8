using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd;

// All of lvmd's own rules for its version, so that a file which it would refuse never reaches a node, and beside them what lvmd
// does not look at and people regret: classes that are still used, reserves that leave nothing, keys that do nothing.

/// <summary>Judges an lvmd.yaml before it is saved.</summary>
public static class LvmdConfigRules
{
    /// <summary>Everything there is to say about a file, in its order.</summary>
    public static ImmutableArray<LvmdProblem> Check(LvmdReading reading, LvmdRuleFacts facts)
    {
        if (reading.Config is not { } config) return reading.Problems;
        var version = facts.Version ?? LvmdVersions.Oldest;
        return
        [
            .. reading.Problems.Concat(OfFile(config, version)).Concat(LvmdClassRules.Check(config, version)).Concat(LvmdClusterRules.Check(config, facts))
                .OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column),
        ];
    }

    /// <summary>Why the file cannot be saved: the first reason, or null.</summary>
    public static Message? WhyNotSave(IEnumerable<LvmdProblem> problems) =>
        problems.FirstOrDefault(problem => problem.Severity == LvmdSeverity.Refused)?.WithPlace;

    private static IEnumerable<LvmdProblem> OfFile(LvmdConfig config, Version version)
    {
        if (config.DeviceClasses.IsEmpty) yield return new(config.Keys.GetValueOrDefault("device-classes") ?? LvmdPlace.Beginning, LvmdTexts.NoClasses, Key: "device-classes");
        var defaults = config.DeviceClasses.Where(one => one.IsDefault).ToArray();
        if (defaults.Length > 1)
        {
            var names = string.Join(", ", defaults.Select(one => one.Name));
            yield return new(defaults[1].PlaceOf("default"), LvmdTexts.DefaultTwice(names), LvmdSeverity.Refused, config.DeviceClasses.IndexOf(defaults[1]), "default");
        }
        if (defaults.Length == 0 && config.DeviceClasses.Length > 0)
        {
            var isNeeded = version < LvmdVersions.DefaultOptional;
            yield return new(config.DeviceClasses[0].Place, isNeeded ? LvmdTexts.DefaultMissing(version) : LvmdTexts.DefaultNone,
                isNeeded ? LvmdSeverity.Refused : LvmdSeverity.Warning, 0, "default");
        }
        foreach (var (key, place) in config.Keys)
            if (KeyProblem(key, LvmdVersions.OfFileKey(key), version) is { } text) yield return new(place, text, LvmdSeverity.Warning, null, key);
        foreach (var twice in config.OptionClasses.GroupBy(one => one.Name).Where(same => same.Count() > 1))
            yield return new(twice.Last().Place, LvmdTexts.OptionClassTwice(twice.Key), LvmdSeverity.Warning, null, "lvcreate-option-classes");
        foreach (var unnamed in config.OptionClasses.Where(one => one.Name.Length == 0))
            yield return new(unnamed.Place, LvmdTexts.OptionClassUnnamed, LvmdSeverity.Warning, null, "lvcreate-option-classes");
    }

    internal static Message? KeyProblem(string key, Version? since, Version installed) =>
        since is null ? LvmdTexts.UnknownKey(key) : since > installed ? LvmdTexts.LaterKey(key, since, installed) : null;
}
