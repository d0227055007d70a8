using System.Text.RegularExpressions;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What lvmd refuses in a file, in its words, for its version; it stops at the first.</summary>
internal static partial class LvmdFileRules
{
    public static string? WhyRefused(IReadOnlyList<LvmdClassShape> classes, Version version)
    {
        if (classes.Count == 0) return "should have at least one device-class";
        HashSet<string> names = [];
        HashSet<string> places = [];
        foreach (var one in classes)
        {
            if (NameProblem(one.Name ?? "") is { } unnamed) return unnamed;
            if (string.IsNullOrEmpty(one.VolumeGroup)) return $"volume group name should not be empty: {one.Name}";
            if (!names.Add(one.Name!)) return $"duplicate device-class name: {one.Name}";
            var isThin = version >= TopoLvmVersion.ThinClasses && one.Type == "thin";
            if (version >= TopoLvmVersion.ThinClasses && TypeProblem(one) is { } mistyped) return mistyped;
            var place = isThin ? one.VolumeGroup + "/" + one.ThinPool!.Name : one.VolumeGroup;
            if (!places.Add(place)) return $"duplicate {(version < TopoLvmVersion.ThinClasses ? "volume group" : "volumegroup/thinpool")} name: {one.Name}, {place}";
            if (!StripeSize().IsMatch(one.StripeSize ?? "")) return $"stripe-size format is \"Size[k|UNIT]\": {one.Name}";
        }
        return (classes.Count(one => one.Default), version >= TopoLvmVersion.DefaultClassOptional) switch
        {
            (> 1, true) => "should not have multiple default device-class",
            (not 1, false) => "should have only one default device-class",
            _ => null,
        };
    }

    private static string? NameProblem(string name) => name switch
    {
        "" => "device-class name should not be empty",
        { Length: > 63 } => $"device-class name is too long: {name}",
        _ when !Name().IsMatch(name) => $"device-class name should consist of alphanumeric characters, '-', '_' or '.', and should start and end with an alphanumeric character: {name}",
        _ => null,
    };

    private static string? TypeProblem(LvmdClassShape one) => one switch
    {
        { Type: null or "" or "thick" } => null,
        { Type: not "thin" } => "target 'type' of device-class can be one of 'thick' or 'thin' or empty to default to 'thick'",
        { ThinPool: null } => $"device class type is thin but thinpool config is empty: {one.Name}",
        { ThinPool.Name: null or "" } => $"thinpool name should not be empty: {one.Name}",
        { ThinPool.OverprovisionRatio: < 1 } => $"overprovision ratio for thin pool {one.ThinPool.Name} in device class {one.Name} should be 1.0 or more",
        _ => null,
    };

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A([0-9]*)(k|m|g|t|p|e|b|s)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StripeSize();
}
