using System.Collections.Immutable;

namespace Portal.Pages.Nodes.Setup;

/// <summary>How what a person has chosen on the way from a disk to storage stands in the URL.</summary>
internal static class SetupQuery
{
    public const string Open = "setup";
    public const string Group = "group";
    public const string Disks = "disks";

    // No path of a device has a comma in it.
    private const char Between = ',';

    public static ImmutableArray<string> Read(string? disks) => disks is { Length: > 0 } ? [.. disks.Split(Between, StringSplitOptions.RemoveEmptyEntries)] : [];

    /// <summary>Null for none: the parameter goes.</summary>
    public static string? Write(IEnumerable<string> disks) => string.Join(Between, disks) is { Length: > 0 } text ? text : null;
}
